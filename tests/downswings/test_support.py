"""What helps: the person's own list, and what their better days held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.seal import seal_text
from journal.downswings import choices, helping
from journal.downswings.chart import Point, State
from journal.downswings.models import Downswing, Helping, Sensitivity
from journal.downswings.standing import Where, banner, low_spans, standing
from journal.downswings.support import better_days
from journal.downswings.sweep import sweep
from journal.moods import tags
from journal.moods.checkin import note_place
from tests.downswings.lives import TODAY, live, quiet, turn_clock
from tests.moods.test_rollup import check_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    turn_clock(monkeypatch)


@pytest.fixture
def low(person: User) -> Downswing:
    """Ada, who is in a low stretch."""
    live(person, [*quiet(90), *[-0.6] * 8])
    choices.turn_on(person, Sensitivity.USUAL)
    return Downswing.objects.get()


def test_the_list_keeps_its_order_and_is_sealed(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, text in enumerate(("a  bath ", "calling Mira", "A bath")):
        turn_clock(monkeypatch, hour=hour)
        helping.add(person, text)
    first, second = helping.lines(person)
    assert (first.text, second.text) == ("a bath", "calling Mira")
    assert all(b"bath" not in bytes(row.sealed_text) for row in Helping.objects.all())
    helping.change(person, first.id, "a long bath")
    helping.remove(person, second.id)
    assert [line.text for line in helping.lines(person)] == ["a long bath"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_a_line_that_is_none_is_refused(person: User, text: str) -> None:
    with pytest.raises(Refused):
        helping.add(person, text)


def test_the_list_has_an_end_and_is_nobody_elses(person: User, other: User) -> None:
    for number in range(helping.MOST):
        helping.add(person, f"line {number}")
    with pytest.raises(Refused, match="Take one out"):
        helping.add(person, "one more")
    with pytest.raises(Refused, match="gone"):
        helping.remove(other, helping.lines(person)[0].id)
    assert helping.lines(other) == []


def test_better_days_show_what_was_there_more_often_and_what_was_written(person: User) -> None:
    friends = tags.make(person, "friends", "people", "people").id
    work = tags.make(person, "work", "work", "doing").id
    points = []
    for number in range(40):
        day = TODAY - timedelta(days=40 - number)
        good = number % 2 == 0
        row = check_in(person, day, valence=0.5 + number / 100 if good else -0.5)
        row.tags.set([friends] if good and number < 20 else [work])
        if good:
            row.sealed_note = seal_text(person, f"note {number // 4}", note_place(row.pk))
            row.save()
        points.append(Point(day, State.USUAL, row.valence or 0.0))
    found = better_days(person, points, TODAY)
    assert (found.better, found.others) == (20, 20)
    (held,) = found.tags
    assert (held.tag.name, held.better, held.others) == ("friends", 10, 0)
    assert [noted.text for noted in found.notes] == ["note 9", "note 8", "note 7"]
    assert found.notes[0].day == TODAY - timedelta(days=2)


def test_no_days_are_no_trouble(person: User) -> None:
    found = better_days(person, [], TODAY)
    assert (found.better, found.others, found.tags, found.notes) == (0, 0, [], [])


def test_a_banner_stands_while_it_is_low(person: User, low: Downswing) -> None:
    assert banner(person) == low
    assert low_spans(person, TODAY - timedelta(days=30), TODAY) == [(low.began, TODAY - timedelta(days=1))]


def test_a_gap_in_a_low_stretch_is_not_painted(person: User) -> None:
    live(person, [*quiet(90), *[-0.6] * 8, None, -0.6, None, None, None, -0.6, -0.6])
    choices.turn_on(person, Sensitivity.USUAL)
    (row,) = Downswing.objects.all()
    yesterday = TODAY - timedelta(days=1)
    painted = low_spans(person, TODAY - timedelta(days=60), TODAY)
    assert painted == [(row.first, yesterday - timedelta(days=5)), (yesterday - timedelta(days=1), yesterday)]


@pytest.mark.parametrize("silent", [0, 13])
def test_a_low_stretch_is_marked_as_far_as_days_show_it(
    person: User, low: Downswing, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    """Neither silence nor days that haven't come are painted, whatever span is asked for."""
    newest = TODAY - timedelta(days=1)
    turn_clock(monkeypatch, TODAY + timedelta(days=silent))
    sweep()
    low.refresh_from_db()
    assert low.end is None
    for end in (TODAY + timedelta(days=silent), TODAY + timedelta(days=300)):
        assert low_spans(person, TODAY - timedelta(days=30), end) == [(low.began, newest)]
    assert low_spans(person, low.first - timedelta(days=9), low.first) == [(low.first, low.first)]
    assert low_spans(person, TODAY, TODAY + timedelta(days=300)) == []


def test_starting_anew_ends_a_stretch_with_its_newest_low_day(
    person: User, low: Downswing, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_clock(monkeypatch, TODAY + timedelta(days=9))
    choices.start_anew(person)
    low.refresh_from_db()
    assert low.end == TODAY - timedelta(days=1)


def test_a_snooze_lasts_a_week(person: User, low: Downswing, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choices.snooze(person, low.pk) == TODAY + timedelta(days=7)
    assert banner(person) is None
    turn_clock(monkeypatch, TODAY + timedelta(days=6))
    assert banner(person) is None
    turn_clock(monkeypatch, TODAY + timedelta(days=7))
    assert banner(person) == low


def test_a_dismissed_stretch_is_silent_and_so_is_one_that_was_wrong(person: User, low: Downswing) -> None:
    choices.answer(person, low.pk, Downswing.Answer.WRONG)
    assert banner(person) is None
    choices.answer(person, low.pk, Downswing.Answer.RIGHT)
    assert banner(person) == low
    choices.dismiss(person, low.pk)
    assert banner(person) is None


def test_what_others_have_is_not_there(other: User, low: Downswing) -> None:
    assert not choices.dismiss(other, low.pk)
    assert choices.snooze(other, low.pk) is None
    assert not choices.answer(other, low.pk, Downswing.Answer.WRONG)
    assert banner(other) is None


def test_too_few_days_hush_the_banner(person: User, low: Downswing, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_clock(monkeypatch, TODAY + timedelta(days=22))
    assert banner(person) is None


def test_the_hit_rate_counts_answers_even_of_what_no_longer_shows(person: User, low: Downswing) -> None:
    choices.answer(person, low.pk, Downswing.Answer.RIGHT)
    Downswing.objects.create(user=person, start=date(2026, 1, 1), depth=0, answer="wrong", stands=False)
    Downswing.objects.create(user=person, start=date(2026, 2, 1), depth=0)
    assert choices.hit_rate(person) == choices.HitRate(right=1, answered=2)


def points(number: int, state: State = State.USUAL) -> list[Point]:
    calibrating = [Point(TODAY - timedelta(days=number - n), State.CALIBRATING, 0.0) for n in range(min(number, 28))]
    return calibrating + [Point(TODAY - timedelta(days=number - n), state, 0.0) for n in range(28, number)]


@pytest.mark.parametrize(
    ("seen", "low", "where"),
    [([], False, Where.NOTHING), (points(12), False, Where.CALIBRATING), (points(40), False, Where.USUAL),
     (points(40, State.LOW), True, Where.LOW), (points(40)[:-15], False, Where.CALIBRATING),
     (points(60)[:-15], False, Where.FEW)],
)  # fmt: skip
def test_where_somebody_stands(seen: list[Point], low: bool, where: Where) -> None:
    assert standing(seen, TODAY, low).where is where


def test_twelve_of_28_days() -> None:
    here = standing(points(12), TODAY, low=False)
    assert (here.observed, here.needed, here.missing) == (12, 28, 16)
