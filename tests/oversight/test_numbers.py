"""The arithmetic of oversight, and who is counted in it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.moods.corrections import answer
from journal.oversight import drift
from journal.oversight.evidence import contrasts
from journal.oversight.pairs import agreement, trials
from journal.oversight.people import FEWEST, Counting
from journal.oversight.preview import preview
from journal.readings.models import Reading, TrialReading
from journal.registry.evidence import import_file
from journal.registry.models import ModelVersion
from journal.snapshots.models import Snapshot
from tests.bundles import candidate
from tests.oversight.conftest import people, reading_of, snapshot_of, some_reading, some_snapshot
from tests.registry.test_evidence import evaluated, figure, packed

pytestmark = pytest.mark.django_db


def test_ten_people_are_enough_and_nine_are_not(owner: User) -> None:
    counting = Counting.by(owner.pk)
    ten = {one.pk for one in people(10)}
    assert FEWEST == 10
    assert counting.among(ten) == ten
    assert counting.among(sorted(ten)[:9]) == frozenset()


def test_among_few_those_count_who_agreed_and_whoever_looks(owner: User) -> None:
    agreed, asked_back, silent = people(3)
    decide(agreed, Purpose.COUNTED, granted=True)
    decide(asked_back, Purpose.COUNTED, granted=True)
    decide(asked_back, Purpose.COUNTED, granted=False)
    counting = Counting.by(owner.pk)
    assert counting.among({owner.pk, agreed.pk, asked_back.pk, silent.pk}) == {owner.pk, agreed.pk}


def test_somebody_made_up_neither_counts_nor_makes_ten(owner: User, version: ModelVersion) -> None:
    made_up = User.objects.create(username="demo", password="!", is_demo=True)
    nine = people(9)
    for one in (*nine, made_up):
        fill(one, version, 1, 0.5, count=3)
    counting = Counting.by(owner.pk)
    assert drift.weeks(counting) == []
    assert preview(version, version.manifest["thresholds"], counting) is None
    assert counting.left_out([*(one.pk for one in nine), made_up.pk]) == 9
    fill(owner, version, 1, 0.5, count=3)
    [week] = drift.weeks(Counting.by(owner.pk))
    assert (week.people, week.left_out, week.tally.read) == (10, 0, 30)


def test_trials_of_others_are_not_told_among_few(owner: User, version: ModelVersion) -> None:
    for one in (owner, *people(2)):
        at = timezone.now()
        TrialReading.objects.create(
            snapshot=snapshot_of(one, version), version=version, status="done", asked_at=at, rung_at=at, ends_at=at
        )
    found = trials(version, Counting.by(owner.pk))
    assert (found["done"], found["failed"], found["left_out"]) == (1, 0, 2)


def test_a_challenger_that_read_little_is_still_compared(
    owner: User, version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many snapshots the champion has read since."""
    own = candidate()
    monkeypatch.setattr("journal.oversight.pairs.MOST", 2)
    pair(owner, version, own)
    for _ in range(3):
        reading_of(snapshot_of(owner, version), version)
    for first, second in ((version, own), (own, version)):
        found = agreement(first, second, Counting.by(owner.pk))
        assert found is not None
        assert found.snapshots == 1


def pair(user: User, first: ModelVersion, second: ModelVersion, **second_says: float) -> Reading:
    snapshot = snapshot_of(user, first)
    sad = second_says.get("sadness", 0) > 0.5
    reading_of(
        snapshot, second, "shadow", present=("sadness",) if sad else ("happiness",), milliseconds=300, **second_says
    )
    return reading_of(snapshot, first)


def test_agreement_of_two_versions(owner: User, version: ModelVersion) -> None:
    own = candidate()
    corrected = [pair(owner, version, own, happiness=0.1, sadness=0.9) for _ in range(2)]
    felt_right = pair(owner, version, own)
    pair(owner, version, own)
    answer(corrected[0], felt_right=False, emotions=["sadness"])
    answer(corrected[1], felt_right=False, emotions=["fear"])
    answer(felt_right, felt_right=True, emotions=[])
    found = agreement(version, own, Counting.by(owner.pk))
    assert found is not None
    assert (found.snapshots, found.people, found.left_out) == (4, 1, 0)
    assert (found.same_strongest, found.same_named) == (0.5, 0.5)
    happy = next(shift for shift in found.shifts if shift.emotion == "happiness")
    assert (happy.first, happy.second) == (pytest.approx(0.8), pytest.approx(0.45))
    assert happy.difference == pytest.approx(-0.35)
    assert (happy.named_first, happy.named_second) == (1, 0.5)
    sides = found.sides
    assert (sides.corrected, sides.both, sides.only_first, sides.only_second, sides.neither) == (2, 0, 0, 1, 1)
    assert found.speed_first is not None
    assert found.speed_second is not None
    assert (found.speed_first.median, found.speed_second.median) == (100, 300)


def test_agreement_leaves_out_who_may_not_be_counted(owner: User, version: ModelVersion) -> None:
    own = candidate()
    for one in people(3):
        pair(one, version, own)
    assert agreement(version, own, Counting.by(owner.pk)) is None
    pair(owner, version, own)
    found = agreement(version, own, Counting.by(owner.pk))
    assert found is not None
    assert (found.people, found.left_out, found.snapshots) == (1, 3, 1)


def test_a_preview_names_stored_intensities_anew(owner: User, version: ModelVersion) -> None:
    for happiness in (0.02, 0.5, 0.8, 0.95):
        reading_of(snapshot_of(owner, version), version, happiness=happiness)
    present: dict[str, float] = version.manifest["thresholds"]
    found = preview(version, present | {"happiness": 0.9}, Counting.by(owner.pk))
    assert found is not None
    effect = next(one for one in found.effects if one.emotion == "happiness")
    assert (effect.old, effect.new) == (present["happiness"], 0.9)
    assert (effect.named_now, effect.named_then, found.changed) == (0.75, 0.25, 0.5)
    assert (found.unclear_now, found.unclear_then) == (0.25, 0.75)


def test_two_versions_are_only_compared_on_the_same_data(version: ModelVersion) -> None:
    one, two = candidate("one"), candidate("two", seed=1)
    import_file(one, packed(evaluated(one)), "FER+", None)
    better = {e: {"f1": figure(0.8)} for e in EMOTIONS}
    import_file(two, packed(evaluated(two, emotions=better, figures={"brier": figure(0.1)})), "FER+", None)
    import_file(two, packed(evaluated(two)), "Other", None)
    found = {(contrast.data, contrast.split): contrast for contrast in contrasts(one, two)}
    assert set(found) == {("FER+", "valid")}
    f1 = next(row for row in found["FER+", "valid"].others if row.first.name == "f1")
    assert (f1.difference, f1.apart, f1.better) == (pytest.approx(0.3), True, True)
    assert len(found["FER+", "valid"].bars) == 8


def fill(user: User, version: ModelVersion, days_ago: float, happy: float, count: int = 60, missed: int = 0) -> None:
    """A week of readings about one intensity, and of snapshots without a face."""
    chance = random.Random(1)
    looked = [some_snapshot(user, version, days_ago) for _ in range(count)]
    nobody = {"status": Snapshot.Status.NO_FACE, "outcome": "no_face"}
    Snapshot.objects.bulk_create(looked + [some_snapshot(user, version, days_ago, **nobody) for _ in range(missed)])
    happiness = [min(1.0, chance.gauss(happy, 0.1)) for _ in looked]
    # In bulk, so that no day is rolled up for each of them.
    Reading.objects.bulk_create(
        some_reading(row, version, happiness=value) for row, value in zip(looked, happiness, strict=True)
    )


def test_a_week_as_usual_raises_nothing(owner: User, version: ModelVersion) -> None:
    for weeks_ago in range(3):
        fill(owner, version, 7 * weeks_ago, 0.5, missed=3)
    found = drift.weeks(Counting.by(owner.pk))
    assert len(found) == 3
    assert found[0].tally.rates["no_face"] == (3, 63)
    assert found[0].means["happiness"] == pytest.approx(0.5, abs=0.05)
    assert sum(found[0].tally.bins["happiness"]) == 60
    assert drift.alarms(found) == []


def test_an_emotion_that_moves_raises_an_alarm(owner: User, version: ModelVersion) -> None:
    fill(owner, version, 7, 0.7)
    fill(owner, version, 0, 0.2)
    [alarm] = drift.alarms(drift.weeks(Counting.by(owner.pk)))
    assert (alarm.what, alarm.version) == ("happiness", version.pk)
    assert alarm.index is not None
    assert alarm.index > drift.MOVED


def test_a_rate_that_moves_raises_an_alarm(owner: User, version: ModelVersion) -> None:
    fill(owner, version, 7, 0.5, missed=3)
    fill(owner, version, 0, 0.5, missed=60)
    [alarm] = drift.alarms(drift.weeks(Counting.by(owner.pk)))
    assert alarm.what == "no_face"
    assert alarm.before is not None
    assert alarm.now is not None
    assert alarm.now > alarm.before


def test_few_readings_raise_nothing(owner: User, version: ModelVersion) -> None:
    fill(owner, version, 7, 0.7)
    fill(owner, version, 0, 0.2, count=20)
    assert drift.alarms(drift.weeks(Counting.by(owner.pk))) == []


def test_each_week_counts_its_own_people(owner: User, version: ModelVersion) -> None:
    """Ten people in one week don't open the next one, in which there are two."""
    ten = people(10)
    for one in ten:
        fill(one, version, 7, 0.5, count=1)
    for one in ten[:2]:
        fill(one, version, 0, 0.5, count=1)
    [week] = drift.weeks(Counting.by(owner.pk))
    assert (week.people, week.tally.read) == (10, 10)


def test_weeks_that_are_long_past_are_left_out(owner: User, version: ModelVersion) -> None:
    fill(owner, version, 7 * drift.WEEKS + 8, 0.5, count=1)
    assert drift.weeks(Counting.by(owner.pk)) == []
    long_ago = timezone.now() - timedelta(weeks=drift.WEEKS)
    assert len(drift.weeks(Counting.by(owner.pk), long_ago)) == 1


def test_the_stability_index_by_hand() -> None:
    assert drift.stability_index([10, 10], [10, 10]) == 0
    # shares (15.5, 5.5)/21 against (5.5, 15.5)/21: twice (10/21) times the logarithm of 15.5/5.5
    assert drift.stability_index([15, 5], [5, 15]) == pytest.approx(2 * (10 / 21) * 1.03609, abs=1e-4)
