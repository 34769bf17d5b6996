from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.accounts.refusal import Refused
from journal.snapshots import pictures
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.conftest import PICTURE, arrival
from tests.pictures import encode, webcam

pytestmark = pytest.mark.django_db


def refusal(person: User, **changes: object) -> str:
    with pytest.raises(Refused) as caught:
        take_in(person, arrival(**changes))
    assert Snapshot.objects.count() == 0
    return caught.value.code


def test_it_keeps_a_sealed_picture_and_a_row(person: User, own_pictures: Path) -> None:
    snapshot, created = take_in(person, arrival())
    assert created
    assert snapshot.status == Snapshot.Status.QUEUED
    sealed = (own_pictures / snapshot.picture).read_bytes()
    assert b"JFIF" not in sealed
    assert pictures.look(person, str(snapshot.pk), snapshot.picture).startswith(b"\xff\xd8")


def test_the_same_client_id_is_taken_in_once(person: User, own_pictures: Path) -> None:
    one = uuid.uuid4()
    first, created = take_in(person, arrival(client_id=one))
    second, again = take_in(person, arrival(client_id=one))
    assert (created, again) == (True, False)
    assert first.pk == second.pk
    assert len(list(own_pictures.glob("*/*"))) == 1


def test_two_people_may_have_the_same_client_id(person: User, other: User) -> None:
    one = uuid.uuid4()
    take_in(person, arrival(client_id=one))
    assert take_in(other, arrival(client_id=one))[1]


def test_a_race_for_one_client_id_leaves_one_row_and_one_file(
    person: User, own_pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin slips in after the look and before the save."""
    one = uuid.uuid4()
    real = pictures.keep

    def slow_keep(user: User, row: str, jpeg: bytes) -> str:
        monkeypatch.setattr(pictures, "keep", real)
        take_in(person, arrival(client_id=one))
        return real(user, row, jpeg)

    monkeypatch.setattr(pictures, "keep", slow_keep)
    _snapshot, created = take_in(person, arrival(client_id=one))
    assert not created
    assert Snapshot.objects.count() == 1
    assert len(list(own_pictures.glob("*/*"))) == 1


def test_without_consent_nothing_is_kept(person: User, own_pictures: Path) -> None:
    decide(person, Purpose.CAMERA, granted=False)
    assert refusal(person) == "no_consent"
    assert not own_pictures.exists()


def test_clocks_that_are_far_off_are_refused(person: User) -> None:
    now = timezone.now()
    assert refusal(person, taken_at=now + timedelta(hours=1)) == "future"
    assert refusal(person, taken_at=now - timedelta(days=3650)) == "too_old"


def test_a_late_arrival_is_welcome(person: User) -> None:
    then = timezone.now() - timedelta(days=20)
    assert take_in(person, arrival(taken_at=then))[0].taken_at == then


def test_unknown_zones_and_sources_are_refused(person: User) -> None:
    assert refusal(person, zone="Mars/Olympus") == "unknown_zone"
    assert refusal(person, zone="") == "unknown_zone"
    assert refusal(person, zone="../../etc/passwd") == "unknown_zone"
    assert refusal(person, source="satellite") == "unknown_source"


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_an_image"),
        (PICTURE[:1000], "damaged"),
        (PICTURE + b"\0" * 16 * 2**20, "too_large"),
        (encode(webcam((10, 10)), "PNG"), "too_few_pixels"),
        (encode(webcam((64, 64)), "GIF"), "not_an_image"),
    ],
)
def test_a_bad_picture_has_its_own_words(person: User, picture: bytes, code: str) -> None:
    assert refusal(person, picture=picture) == code


def test_a_broker_that_is_down_loses_nothing(
    person: User, django_capture_on_commit_callbacks: object, caplog: pytest.LogCaptureFixture
) -> None:
    """The tests' broker address leads nowhere; the doorbell rings after commit."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        snapshot, _created = take_in(person, arrival())
    snapshot.refresh_from_db()
    assert snapshot.status == Snapshot.Status.QUEUED
    assert "doorbell_unheard" in caplog.text


def test_a_consent_withdrawn_while_the_picture_is_on_its_way_counts(
    person: User, own_pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = pictures.keep

    def slow_keep(user: User, row: str, jpeg: bytes) -> str:
        decide(user, Purpose.CAMERA, granted=False)
        return keep(user, row, jpeg)

    monkeypatch.setattr(pictures, "keep", slow_keep)
    assert refusal(person) == "no_consent"
    assert not list(own_pictures.glob("*/*"))


HEIC = Path(__file__).parents[1] / "inference" / "astronaut.heic"
TURNED = Image.Exif()
TURNED[0x0112] = 6  # the camera was held upright


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (encode(webcam((320, 240)).convert("CMYK")), (320, 240)),
        (encode(Image.fromarray(np.full((240, 320), 30_000, np.uint16)), "PNG"), (320, 240)),
        (encode(webcam((320, 240)), "WEBP"), (320, 240)),
        (encode(webcam((320, 240)), exif=TURNED.tobytes()), (240, 320)),
        (HEIC.read_bytes(), (320, 240)),
    ],
    ids=["cmyk", "16-bit", "webp", "turned", "heic"],
)
def test_unusual_pictures_are_kept_as_plain_upright_jpeg(person: User, picture: bytes, size: tuple[int, int]) -> None:
    snapshot, _created = take_in(person, arrival(picture=picture))
    kept = Image.open(io.BytesIO(pictures.look(person, str(snapshot.pk), snapshot.picture)))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", size)
    assert not kept.getexif()


def test_it_asks_the_database_little(
    person: User, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    take_in(person, arrival())  # makes the person's key
    with django_assert_max_num_queries(12):
        take_in(person, arrival())
