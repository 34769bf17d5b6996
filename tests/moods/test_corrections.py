from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.moods.checkin import Entry, delete, keep, restore
from journal.moods.corrections import OFFERED_FOR, UnknownEmotion, answer, offered
from journal.moods.models import CheckIn, DailyMood
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


def recent(queued: Snapshot) -> Snapshot:
    queued.taken_at = timezone.now() - timedelta(minutes=20)
    queued.save()
    return queued


def test_a_check_in_is_offered_what_the_camera_saw_a_while_ago(queued: Snapshot, version: ModelVersion) -> None:
    seen = make_reading(recent(queued), version)
    assert offered(queued.user) == seen
    answer(seen, felt_right=True, emotions=[])
    assert offered(queued.user) is None  # it has its answer


def test_nothing_old_and_nothing_unclear_is_offered(queued: Snapshot, version: ModelVersion) -> None:
    seen = make_reading(recent(queued), version)
    Reading.objects.update(present=[])
    assert offered(queued.user) is None
    Reading.objects.update(present=seen.present)
    Snapshot.objects.update(taken_at=timezone.now() - OFFERED_FOR - timedelta(minutes=1))
    assert offered(queued.user) is None


def said(snapshot: Snapshot, *emotions: str) -> Entry:
    return Entry(at=timezone.now(), zone="UTC", emotions=emotions, taken_over=snapshot.pk)


def test_a_check_in_that_takes_a_reading_over_answers_it(reading: Reading) -> None:
    row = keep(reading.snapshot.user, uuid.uuid4(), said(reading.snapshot), 0)
    assert row.emotions == ["happiness"]
    assert CheckIn.objects.get(reading=reading).felt_right is True
    row = keep(reading.snapshot.user, row.pk, said(reading.snapshot, "happiness", "fear"), 1)
    answered = CheckIn.objects.get(reading=reading)
    assert (answered.felt_right, answered.emotions) == (False, ["happiness", "fear"])


def test_what_is_no_longer_taken_over_is_no_longer_answered(reading: Reading) -> None:
    user = reading.snapshot.user
    row = keep(user, uuid.uuid4(), said(reading.snapshot, "anger"), 0)
    day = DailyMood.objects.get(user=user, local_date=reading.snapshot.local_date)
    keep(user, row.pk, replace(said(reading.snapshot, "anger"), taken_over=None), 1)
    assert not CheckIn.objects.filter(reading=reading).exists()
    again = DailyMood.objects.get(user=user, local_date=reading.snapshot.local_date)
    assert (again.camera or 0) > (day.camera or 0)  # the face says happiness again, not anger


def test_nobody_elses_reading_can_be_taken_over(reading: Reading, other: User) -> None:
    row = keep(other, uuid.uuid4(), said(reading.snapshot, "anger"), 0)
    assert row.taken_over is None
    assert not CheckIn.objects.filter(reading=reading).exists()


def answers(reading: Reading) -> list[list[str]]:
    return [row.emotions for row in CheckIn.objects.filter(reading=reading)]


def test_deleting_a_check_in_takes_its_answer_along_and_undoing_brings_it_back(reading: Reading) -> None:
    user = reading.snapshot.user
    row = keep(user, uuid.uuid4(), said(reading.snapshot, "sadness"), 0)
    delete(user, row.pk)
    assert answers(reading) == []
    assert (DailyMood.objects.get(local_date=reading.snapshot.local_date).camera or 0) > 0
    restore(user, row.pk)
    assert answers(reading) == [["sadness"]]


def test_a_later_correction_outlives_the_check_in_that_answered_first(reading: Reading) -> None:
    user = reading.snapshot.user
    row = keep(user, uuid.uuid4(), said(reading.snapshot, "sadness"), 0)
    answer(reading, felt_right=False, emotions=["anger"])
    row = keep(user, row.pk, replace(said(reading.snapshot, "sadness"), note="a typo mended"), row.revision)
    assert answers(reading) == [["anger"]]
    delete(user, row.pk)
    assert answers(reading) == [["anger"]]


def test_of_two_check_ins_that_took_it_over_one_still_answers(reading: Reading) -> None:
    user = reading.snapshot.user
    first = keep(user, uuid.uuid4(), said(reading.snapshot, "sadness"), 0)
    keep(user, uuid.uuid4(), said(reading.snapshot, "sadness"), 0)
    keep(user, first.pk, replace(said(reading.snapshot, "sadness"), taken_over=None), 1)
    assert answers(reading) == [["sadness"]]


def test_what_was_discarded_meanwhile_is_no_conflict_and_no_entry(reading: Reading) -> None:
    user, entry, pk = reading.snapshot.user, said(reading.snapshot, "sadness"), uuid.uuid4()
    keep(user, pk, entry, 0)
    reading.snapshot.delete()
    assert keep(user, pk, entry, 0).revision == 1  # the same request again: its answer had got lost
    with pytest.raises(Refused):
        keep(user, uuid.uuid4(), replace(entry, emotions=()), 0)


def test_a_contradicted_reading_is_no_part_of_the_day_s_mixture(reading: Reading) -> None:
    answer(reading, felt_right=False, emotions=["sadness"])
    day = DailyMood.objects.get(local_date=reading.snapshot.local_date)
    assert day.happiness is None
    assert day.check_ins == 0  # an answer is no entry of its own
