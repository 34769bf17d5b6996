from __future__ import annotations

import pytest

from journal.moods.corrections import UnknownEmotion, answer
from journal.moods.models import CheckIn
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading(queued: Snapshot, version: ModelVersion) -> Reading:
    return make_reading(queued, version)


def make_reading(snapshot: Snapshot, version: ModelVersion) -> Reading:
    Snapshot.objects.filter(pk=snapshot.pk).update(status=Snapshot.Status.DONE, outcome="read", faces=1)
    return Reading.objects.create(
        snapshot=snapshot, version=version,
        neutral=0.2, happiness=0.6, surprise=0.1, sadness=0.0, anger=0.0, disgust=0.0, fear=0.05, contempt=0.05,
        present=["happiness"], box_left=0.2, box_top=0.2, box_right=0.6, box_bottom=0.8, score=0.99,
    )  # fmt: skip


def test_a_reading_that_feels_right_is_kept_in_the_persons_name(reading: Reading) -> None:
    check_in = answer(reading, felt_right=True, emotions=["fear"])
    assert (check_in.emotions, check_in.felt_right) == (["happiness"], True)
    assert check_in.user_id == reading.snapshot.user_id
    assert (check_in.at, check_in.local_date) == (reading.snapshot.taken_at, reading.snapshot.local_date)


def test_other_words_are_kept_in_order_and_once(reading: Reading) -> None:
    check_in = answer(reading, felt_right=False, emotions=["fear", "sadness", "fear"])
    assert check_in.emotions == ["sadness", "fear"]


def test_a_second_answer_replaces_the_first(reading: Reading) -> None:
    answer(reading, felt_right=True, emotions=[])
    answer(reading, felt_right=False, emotions=["anger"])
    assert CheckIn.objects.get().emotions == ["anger"]


def test_an_unknown_word_is_refused(reading: Reading) -> None:
    with pytest.raises(UnknownEmotion, match="hunger"):
        answer(reading, felt_right=False, emotions=["hunger"])
    assert not CheckIn.objects.exists()


def test_deleting_a_snapshot_takes_reading_and_answer_along(reading: Reading) -> None:
    answer(reading, felt_right=True, emotions=[])
    reading.snapshot.delete()
    assert not Reading.objects.exists()
    assert not CheckIn.objects.exists()
