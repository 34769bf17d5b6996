"""The admin's pages as an administrator uses them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inference.emotions import EMOTIONS
from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.readings.models import Reader, Reading
from journal.registry.champion import champion
from journal.registry.evidence import import_file
from journal.registry.models import Decision, ModelVersion
from journal.registry.trial import challenger
from tests.bundles import approved, candidate, small_zip
from tests.oversight.conftest import people, reading_of, snapshot_of
from tests.registry.test_evidence import evaluated, packed

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


def test_a_bundle_is_uploaded(owner_client: Client, owner: User) -> None:
    file = SimpleUploadedFile("small.zip", small_zip())
    page = owner_client.post("/admin/versions/new", {"bundle": file}, follow=True)
    version = ModelVersion.objects.get(name="small")
    assert (version.registered_by, version.status) == (owner, "checking")
    assert "A worker will read a drawn face" in text(page)


def test_a_bad_upload_is_answered_in_words(owner_client: Client) -> None:
    page = owner_client.post("/admin/versions/new", {"bundle": SimpleUploadedFile("small.zip", b"hello")})
    assert page.status_code == 422
    assert "isn&#x27;t a zip" in text(page)
    assert owner_client.post("/admin/versions/new").status_code == 422


def test_an_upload_that_is_far_too_large_is_answered_before_it_is_read(owner_client: Client) -> None:
    page = owner_client.post("/admin/versions/new", {"bundle": SimpleUploadedFile("b.zip", bytes(16 * 2**20))})
    assert page.status_code == 413
    assert "register_model" in text(page)


def test_figures_are_added_and_drawn(owner_client: Client) -> None:
    version = candidate()
    file = SimpleUploadedFile("e.json", packed(evaluated(version)))
    page = text(
        owner_client.post(
            f"/admin/versions/{version.pk}/evidence", {"measured_on": "FER+", "figures": file}, follow=True
        )
    )
    assert "FER+, valid" in page
    assert page.count("drawing__dot") == 2
    assert page.count("drawing__interval") == 9  # eight emotions, and where reading and naming agree
    assert page.count("heat-1") == 64  # every cell an eighth of its row
    refused = owner_client.post(f"/admin/versions/{version.pk}/evidence", {"measured_on": "FER+"}, follow=True)
    assert "Choose a file" in text(refused)


def test_numbers_that_somebody_made_up_do_not_break_the_page(owner_client: Client) -> None:
    version = candidate()
    for number, counts in enumerate([[["<script>"] * 8] * 8, [[1]], 7, [[-1] * 8] * 8]):
        made_up = {"shares": [[], [7], [{"intensity": 2, "said": 0, "judgements": 1}], "<script>"][number]}
        numbers = evaluated(version, confusion={"counts": counts}, reliability=made_up, faces=number)
        import_file(version, packed(numbers), "<b>", None)
    page = text(owner_client.get(f"/admin/versions/{version.pk}"))
    assert "<script>alert" not in page
    assert "drawing__dot" not in page
    assert "&lt;b&gt;" in page


def test_from_candidate_to_champion_and_back(owner_client: Client, owner: User, version: ModelVersion) -> None:
    own = candidate(by=owner.pk)
    here = f"/admin/versions/{own.pk}"
    refused = owner_client.post(f"{here}/review", {"verdict": "approve", "reason": ""}, follow=True)
    assert "Please write down why" in text(refused)
    owner_client.post(f"{here}/review", {"verdict": "approve", "reason": "Better on sadness."})
    owner_client.post(f"{here}/switch", {"reason": "Approved.", "instead_of": version.pk})
    assert champion() == own
    assert "Go back to" in text(owner_client.get("/admin/"))
    page = text(owner_client.get(here))
    assert "Better on sadness." in page
    assert f"instead of {version.name}" in page
    owner_client.post("/admin/back", {"instead_of": own.pk})
    assert champion() == version


def test_of_two_administrators_the_second_is_told(owner_client: Client, owner: User, version: ModelVersion) -> None:
    first, second = approved("first", owner.pk), approved("second", owner.pk, seed=1)
    for row in (first, second):
        page = owner_client.post(
            f"/admin/versions/{row.pk}/switch", {"reason": "Mine.", "instead_of": version.pk}, follow=True
        )
    assert "Somebody else has just put first in charge" in text(page)
    assert champion() == first


def test_a_trial_is_started_and_ended(owner_client: Client, version: ModelVersion) -> None:
    own = candidate()
    owner_client.post(f"/admin/versions/{own.pk}/trial", {"share": 25})
    alias = challenger()
    assert alias is not None
    assert alias.share == 0.25
    assert "How far they agree" in text(owner_client.get("/admin/"))
    owner_client.post("/admin/trial/end")
    assert challenger() is None
    owner_client.post(f"/admin/versions/{own.pk}/trial", {"share": 0})
    assert challenger() is None


def test_a_version_without_readings_is_deleted(owner_client: Client, version: ModelVersion) -> None:
    own = candidate()
    assert owner_client.post(f"/admin/versions/{own.pk}/delete")["Location"] == "/admin/"
    assert Decision.objects.filter(kind="deleted", name="small").exists()
    kept = owner_client.post(f"/admin/versions/{version.pk}/delete", follow=True)
    assert "comes with the program" in text(kept)


def test_how_much_others_were_read_is_not_told_among_few(
    owner: User, owner_client: Client, version: ModelVersion
) -> None:
    page = f"/admin/versions/{version.pk}"
    assert "none yet" in text(owner_client.get(page))
    [other] = people(1)
    for _ in range(7):
        reading_of(snapshot_of(other, version), version)
    assert "7 in charge" not in text(owner_client.get(page))
    assert "1 more person is not counted" in text(owner_client.get(page))
    reading_of(snapshot_of(owner, version), version)
    assert "1 in charge" in text(owner_client.get(page))
    decide(other, Purpose.COUNTED, granted=True)
    assert "8 in charge" in text(owner_client.get(page))


def test_a_worker_that_is_behind_is_seen(owner_client: Client, version: ModelVersion) -> None:
    moment = version.created_at
    Reader.objects.create(
        worker="inference@a", version=version, since=moment, seen_at=moment, trouble="The weights can't be fetched."
    )
    gone = moment - timedelta(minutes=10)
    Reader.objects.create(worker="inference@gone", version=version, since=gone, seen_at=gone)
    assert "inference@gone" not in text(owner_client.get("/admin/"))
    assert "goes on with the one it has: The weights can&#x27;t be fetched." in text(owner_client.get("/admin/"))


def test_thresholds_show_their_effect_and_become_a_version(
    owner_client: Client, owner: User, version: ModelVersion
) -> None:
    reading_of(snapshot_of(owner), version)
    values = {e: version.manifest["thresholds"][e] for e in EMOTIONS} | {"happiness": 0.9}
    here = f"/admin/versions/{version.pk}/thresholds"
    page = text(owner_client.get(here, values))
    assert "-100.0 points" in page
    assert "Save as a new version" in page
    assert "Save as a new version" not in text(owner_client.get(here))
    assert owner_client.get(here, values | {"fear": 3}).status_code == 200
    owner_client.post(here, values | {"name": "strict"})
    strict = ModelVersion.objects.get(name="strict")
    assert strict.manifest["thresholds"]["happiness"] == 0.9
    taken = owner_client.post(here, values | {"name": "strict", "happiness": 0.8})
    assert "Another version is called strict" in text(taken)


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_the_same_queries_however_much_there_is(
    owner_client: Client,
    owner: User,
    version: ModelVersion,
    number: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    versions = [candidate(f"small {i}", seed=i) for i in range(number)]
    first = versions[0]
    for i, row in enumerate(versions):
        import_file(row, packed(evaluated(row, faces=i)), "FER+", owner.pk)
        import_file(first, packed(evaluated(first, faces=100 + i)), f"Set {i}", owner.pk)
    for one in people(number):
        for row in (version, first):
            reading_of(snapshot_of(one, row), row)
    limits = {
        "/admin/": 12,
        f"/admin/versions/{first.pk}": 13,
        f"/admin/versions/{version.pk}/compare/{first.pk}": 16,
        "/admin/drift": 9,
        f"/admin/versions/{first.pk}/thresholds": 6,
        "/admin/registry/decision/": 10,
        "/admin/registry/evaluation/": 10,
        "/admin/roles": 5,
    }
    for path, limit in limits.items():
        with django_assert_max_num_queries(limit):
            assert owner_client.get(path).status_code == 200


def test_no_page_names_anybody_or_shows_a_single_reading(
    owner_client: Client, owner: User, version: ModelVersion
) -> None:
    """Nine people who agreed to nothing: nothing of theirs is in any number."""
    own = candidate()
    pages = ("/admin/", f"/admin/versions/{version.pk}", f"/admin/versions/{version.pk}/compare/{own.pk}",
             "/admin/drift", f"/admin/versions/{version.pk}/thresholds")  # fmt: skip
    before = {path: text(owner_client.get(path)) for path in pages}
    for one in people(9):
        snapshot = snapshot_of(one, version)
        reading_of(snapshot, version, happiness=0.777)
        reading_of(snapshot, own, "shadow", happiness=0.333)
    for path in pages:
        page = text(owner_client.get(path))
        for hint in ("person0", "0.777", "77.7", "0.333", "33.3"):
            # The shipped version's card may well have such a figure of its own.
            assert page.count(hint) == before[path].count(hint), (path, hint)


def test_times_that_were_not_taken_alike_say_so(owner_client: Client, owner: User, version: ModelVersion) -> None:
    own = candidate()
    page = f"/admin/versions/{version.pk}/compare/{own.pk}"
    snapshot = snapshot_of(owner, version)
    reading_of(snapshot, version)
    beside = reading_of(snapshot, own, "shadow", milliseconds=300)
    assert "when the machine has nothing better to do" in text(owner_client.get(page))
    Reading.objects.filter(pk=beside.pk).update(milliseconds=None)
    assert "when the machine has nothing better to do" not in text(owner_client.get(page))


def test_whoever_decided_may_leave_and_the_decision_stays(owner: User, other: User, version: ModelVersion) -> None:
    approved("own", other.pk)
    other.delete()
    decision = Decision.objects.get(kind="approved", name="own")
    assert (decision.by, decision.reason) == (None, "It is good enough for a test.")
