"""From rows to downswings: the same however the days came, and never two messages for one low stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from journal.accounts.models import User
from journal.accounts.people import create_person
from journal.downswings import watch as watching
from journal.downswings.chart import Chart
from journal.downswings.choices import answer, start_anew, turn_off, turn_on
from journal.downswings.days import points_of
from journal.downswings.models import Downswing, Sensitivity, Watch
from journal.downswings.stretches import stretches
from journal.downswings.sweep import sweep
from journal.downswings.watch import follow
from journal.moods.models import CheckIn
from journal.moods.rollup import recompute, recompute_days
from journal.snapshots.days import today_of
from journal.telling.models import Browser, Channel, Delivery, Kind, Message, OptIn
from tests.downswings.lives import TODAY, live, quiet, turn_clock
from tests.moods.test_rollup import check_in

pytestmark = pytest.mark.django_db
Told = list[tuple[int, date]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Every message that was sent: whose row, and from which day the stretch was then."""
    sent: Told = []
    monkeypatch.setattr(watching, "tell_of", lambda user, row: sent.append((row.pk, row.start)))
    return sent


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    turn_clock(monkeypatch)


def kept(user: User) -> list[tuple[date, date | None, float]]:
    rows = Downswing.objects.filter(user=user, stands=True).order_by("start")
    return list(rows.values_list("start", "end", "depth"))


def scratch(user: User) -> list[tuple[date, date | None, float]]:
    today = today_of(user)
    found = stretches(points_of(user, Watch.objects.get(user=user), today), today)
    return [(s.start, s.end, s.depth) for s in found]


def long_watched(user: User) -> None:
    """It was turned on before the days of the test."""
    Watch.objects.create(user=user, on=True, chosen=TODAY - timedelta(days=365))


def test_with_the_feature_off_nothing_is_computed_and_nothing_sent(
    person: User, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chart, "feed", lambda *args: pytest.fail("a chart was computed"))
    monkeypatch.setattr("journal.downswings.sweep.charts", lambda *args, **more: pytest.fail("a chart was computed"))
    live(person, [*quiet(90), *[-0.6] * 20])
    check_in(person, TODAY - timedelta(days=2), valence=-0.9)
    follow(person)
    assert sweep() == 0
    Watch.objects.create(user=person)  # looked at the page, and left it off
    follow(person)
    assert sweep() == 0
    assert not Downswing.objects.exists()
    assert told == []


def test_a_low_stretch_is_kept_once_and_told_once(person: User, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    long_watched(person)
    live(person, quiet(90), TODAY - timedelta(days=11))
    opened = []
    for ago in range(10, -1, -1):
        day = TODAY - timedelta(days=ago)
        turn_clock(monkeypatch, day)
        check_in(person, day, valence=-0.6)
        assert sweep() == 1
        assert sweep() == 0
        follow(person)
        opened.append(kept(person) != [])
    row = Downswing.objects.get()
    assert row.end is None
    assert row.message == Downswing.Message.TOLD
    assert told == [(row.pk, row.start)]
    assert 2 <= opened.index(True) <= 9  # one low day alone is never enough


def test_the_day_that_is_not_over_counts_for_nothing(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_on(person, Sensitivity.USUAL)
    live(person, [*quiet(90), -0.6])
    assert sweep() == 1
    for _entry in range(5):
        check_in(person, TODAY, valence=-1)
    assert kept(person) == []
    turn_clock(monkeypatch, TODAY + timedelta(days=1), hour=2)  # 03:00 in Berlin: still the same day
    assert sweep() == 0
    turn_clock(monkeypatch, TODAY + timedelta(days=1), hour=3)
    assert sweep() == 1
    assert kept(person) == scratch(person) != []


def test_days_of_several_people_that_change_together_are_each_looked_at(person: User, other: User) -> None:
    """Whose feature is off, or whose day isn't over, is left alone."""
    idle = create_person("idle", "a quiet tide at noon", "Europe/Berlin")
    for somebody in (person, other):
        turn_on(somebody, Sensitivity.USUAL)
    for somebody in (person, other, idle):
        live(somebody, [*quiet(60), *[-0.6] * 15])
    Downswing.objects.all().delete()
    yesterday = TODAY - timedelta(days=1)
    recompute_days({other: {TODAY}, person: {yesterday, TODAY}, idle: {yesterday}})
    assert kept(person) == scratch(person) != []
    assert not Downswing.objects.exclude(user=person).exists()


def test_a_late_day_reaches_back_but_changes_nothing_before_it(person: User) -> None:
    turn_on(person, Sensitivity.USUAL)
    live(person, [*quiet(60), *[-0.6] * 15, *quiet(60), *[-0.6] * 15])
    first, second = kept(person)
    late = second[0] - timedelta(days=20)
    check_in(person, late, valence=0.9)
    assert kept(person)[0] == first
    assert kept(person) == scratch(person)


def test_days_that_go_take_the_downswing_along_and_bring_it_back(person: User, told: Told) -> None:
    long_watched(person)
    live(person, [*quiet(90), *[-0.6] * 8])
    row = Downswing.objects.get()
    assert len(told) == 1
    lows = CheckIn.objects.filter(user=person, local_date__gt=TODAY - timedelta(days=9))
    days = set(lows.values_list("local_date", flat=True))
    CheckIn.objects.filter(pk__in=lows.values("pk")).update(valence=0.2)
    recompute(person, days)
    assert kept(person) == []
    CheckIn.objects.filter(user=person, local_date__in=days).update(valence=-0.6)
    recompute(person, days)
    assert Downswing.objects.get().pk == row.pk
    assert len(told) == 1


def test_the_message_goes_through_the_door_and_stands_or_falls_with_the_stretch(person: User) -> None:
    OptIn.objects.create(user=person, kind=Kind.DOWNSWING, channel=Channel.PUSH)
    Browser.objects.create(user=person, endpoint="https://push.example/1", p256dh="k", auth="a", name="one")
    long_watched(person)
    with pytest.raises(RuntimeError), transaction.atomic():
        live(person, [*quiet(90), *[-0.6] * 8])
        assert Message.objects.count() == 1
        raise RuntimeError
    assert not Message.objects.exists()
    live(person, [*quiet(90), *[-0.6] * 8])
    message = Message.objects.get()
    assert (message.user, message.kind, message.page) == (person, Kind.DOWNSWING, "/downswing")


def test_old_days_that_come_to_light_are_no_news(person: User, told: Told) -> None:
    long_watched(person)
    live(person, [*quiet(90), *[-0.6] * 30])
    assert len(kept(person)) == 1
    assert told == []


def test_a_silence_within_a_low_stretch_sends_no_second_message(
    person: User, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_watched(person)
    start = TODAY - timedelta(days=60)
    live(person, quiet(60), start)
    for number in [*range(1, 12), *range(27, 45)]:
        day = start + timedelta(days=number)
        turn_clock(monkeypatch, day)
        check_in(person, day, valence=-0.6)
        turn_clock(monkeypatch, day + timedelta(days=1))
        sweep()
    assert len(told) == 1
    assert len(kept(person)) == 1
    assert kept(person) == scratch(person)


def test_silence_closes_it_though_nothing_came(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_on(person, Sensitivity.USUAL)
    live(person, [*quiet(90), *[-0.6] * 10])
    assert kept(person)[0][1] is None
    turn_clock(monkeypatch, TODAY + timedelta(days=15))
    sweep()
    assert kept(person)[0][1] == TODAY - timedelta(days=1)


def test_turning_it_on_shows_but_does_not_send(person: User, told: Told) -> None:
    live(person, [*quiet(90), *[-0.6] * 6])
    turn_on(person, Sensitivity.USUAL)
    assert kept(person) == scratch(person) != []
    turn_on(person, Sensitivity.SENSITIVE)
    assert told == []


def test_turning_it_off_forgets_all_but_answers(person: User) -> None:
    live(person, [*quiet(60), *[-0.6] * 15, *quiet(60), *[-0.6] * 15])
    turn_on(person, Sensitivity.USUAL)
    first = Downswing.objects.order_by("start")[0]
    Downswing.objects.filter(pk=first.pk).update(answer=Downswing.Answer.RIGHT)
    turn_off(person)
    row = Downswing.objects.get()
    assert (row.pk, row.stands, row.evidence) == (first.pk, False, {})
    check_in(person, TODAY - timedelta(days=3), valence=-0.9)
    assert Downswing.objects.count() == 1
    turn_on(person, Sensitivity.USUAL)
    assert Downswing.objects.filter(stands=True).count() == 2
    assert Downswing.objects.get(pk=first.pk).answer == Downswing.Answer.RIGHT


def test_turning_it_off_and_on_forgets_what_was_told_and_tells_nothing_twice(
    person: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even when the stretch is edited away and back, of which nothing is left to remember it by."""
    for who in (person, other):
        OptIn.objects.create(user=who, kind=Kind.DOWNSWING, channel=Channel.PUSH)
        Browser.objects.create(user=who, endpoint=f"https://push.example/{who}", p256dh="k", auth="a", name="one")
        long_watched(who)
        live(who, [*quiet(90), *[-0.6] * 8])
    Message.objects.create(user=person, kind=Kind.TEST, key="test", page="/", expires_at=timezone.now())
    answered = Downswing.objects.get(user=person)
    answer(person, answered.pk, Downswing.Answer.RIGHT)
    turn_off(person)
    assert set(Message.objects.values_list("user", "kind")) == {(person.pk, Kind.TEST), (other.pk, Kind.DOWNSWING)}
    assert set(Delivery.objects.values_list("message__user", flat=True)) == {other.pk}
    assert Watch.objects.get(user=person).told is None
    assert Downswing.objects.get(user=person).message == Downswing.Message.SPARED
    Downswing.objects.filter(user=person).delete()
    turn_on(person, Sensitivity.USUAL)
    rows = CheckIn.objects.filter(user=person, local_date__gt=TODAY - timedelta(days=9))
    days = set(rows.values_list("local_date", flat=True))
    for value in (0.2, -0.6):
        CheckIn.objects.filter(user=person, local_date__in=days).update(valence=value)
        recompute(person, days)
    assert kept(person) == scratch(person) != []
    turn_clock(monkeypatch, TODAY + timedelta(days=1))
    check_in(person, TODAY, valence=-0.6)
    sweep()
    assert Message.objects.filter(user=person, kind=Kind.DOWNSWING).count() == 0


def test_what_a_person_said_in_the_meantime_is_not_written_over(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Following writes its own columns, and of those only what differs."""
    turn_on(person, Sensitivity.USUAL)
    live(person, [*quiet(90), *[-0.6] * 8])
    before, match = Downswing.objects.get().depth, watching.match

    def and_meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(watching, "match", match)  # once: whoever looks again has read it
        Downswing.objects.update(answer=Downswing.Answer.RIGHT, dismissed_at=timezone.now())
        return match(*args)

    monkeypatch.setattr(watching, "match", and_meanwhile)
    check_in(person, TODAY - timedelta(days=1), valence=0.4)
    row = Downswing.objects.get()
    assert row.depth == scratch(person)[0][2] != before
    assert (row.answer, bool(row.dismissed_at)) == (Downswing.Answer.RIGHT, True)


def test_a_baseline_anew_leaves_what_was_noticed_and_begins_again(person: User) -> None:
    live(person, [*quiet(90), *[-0.6] * 10])
    turn_on(person, Sensitivity.USUAL)
    (before,) = kept(person)
    start_anew(person)
    assert kept(person) == [(before[0], TODAY - timedelta(days=1), before[2])]
    check_in(person, TODAY - timedelta(days=40), valence=-0.9)  # a day that counts no longer
    assert kept(person) == [(before[0], TODAY - timedelta(days=1), before[2])]
    assert points_of(person, Watch.objects.get(), TODAY) == []


def test_another_sensitivity_looks_at_the_same_days_anew(person: User) -> None:
    live(person, [*quiet(90), *[-0.16] * 40])
    turn_on(person, Sensitivity.CALM)
    calm = kept(person)
    turn_on(person, Sensitivity.SENSITIVE)
    assert kept(person) == scratch(person)
    assert kept(person)[0][0] < (calm[0][0] if calm else date.max)


def test_a_person_goes_with_everything(person: User, other: User) -> None:
    for who in (person, other):
        live(who, [*quiet(90), *[-0.6] * 10])
        turn_on(who, Sensitivity.USUAL)
    person.delete()
    assert {row.user for row in Downswing.objects.all()} == {other}
    assert {row.user for row in Watch.objects.all()} == {other}


def test_following_takes_few_queries(
    person: User, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    live(person, [*quiet(200), *[-0.6] * 10])
    turn_on(person, Sensitivity.USUAL)
    with django_assert_max_num_queries(8):  # savepoint and its end, lock, watch, profile, days, rows
        follow(person)


AGO = st.integers(0, 45)
CHANGES = st.one_of(
    st.tuples(st.just("say"), AGO, st.sampled_from((-0.9, -0.5, -0.2, 0.1, 0.6))),
    st.tuples(st.just("edit"), AGO, st.sampled_from((-0.9, -0.3, 0.3, 0.9))),
    st.tuples(st.just("delete"), AGO, st.none()),
    st.tuples(st.just("lows"), st.integers(1, 9), st.none()),
    st.tuples(st.just("fine"), st.integers(1, 14), st.none()),
    st.tuples(st.just("silence"), st.integers(1, 20), st.none()),
)


class Clock:
    """Today, which only ever moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day, self._monkeypatch = TODAY, monkeypatch

    def next_day(self) -> None:
        self.day += timedelta(days=1)
        turn_clock(self._monkeypatch, self.day)
        sweep()


def apply(user: User, clock: Clock, change: tuple[str, int, float | None]) -> None:
    name, number, value = change
    day = clock.day - timedelta(days=number)
    if name in ("lows", "fine", "silence"):
        for _day in range(number):
            if name != "silence":
                check_in(user, clock.day, valence=-0.7 if name == "lows" else 0.2)
            clock.next_day()
    elif name == "say":
        check_in(user, day, valence=value)
    else:
        for row in CheckIn.objects.filter(user=user, local_date=day):
            row.valence = value
            if name == "delete":
                row.delete()
            else:
                row.save()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    yield Clock(monkeypatch)


RELAPSE = [("lows", 9, None), ("fine", 14, None), ("lows", 9, None)]
SILENCE = [("lows", 9, None), ("silence", 16, None), ("lows", 9, None)]
SPLIT = [
    ("lows", 9, None),
    ("edit", 4, 0.9),
    ("edit", 3, 0.9),
    ("edit", 2, 0.9),
    ("delete", 1, None),
    ("lows", 6, None),
]


@example(changes=RELAPSE)
@example(changes=SILENCE)
@example(changes=SPLIT)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, min_size=2, max_size=12))
def test_any_history_of_changes_ends_as_from_scratch_and_no_message_doubles(
    person: User, told: Told, clock: Clock, changes: list[tuple[str, int, float | None]]
) -> None:
    for model in (CheckIn, Downswing, Watch):
        model.objects.all().delete()
    told.clear()
    clock.__init__(clock._monkeypatch)  # type: ignore[misc]
    turn_clock(clock._monkeypatch)
    turn_on(person, Sensitivity.USUAL)
    live(person, quiet(70))
    for change in changes:
        apply(person, clock, change)
    assert kept(person) == scratch(person)
    assert len({row for row, _start in told}) == len(told)
    starts = [start for _row, start in told]
    assert all(later - earlier > timedelta(days=28) for earlier, later in pairwise(starts))
