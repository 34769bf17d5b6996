"""Consent: the newest decision about today's words counts, and none is ever changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.accounts import consent
from journal.accounts.models import Consent, Purpose, User
from journal.accounts.people import create_person
from journal.append_only import AppendOnlyError

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira")


@pytest.fixture
def news() -> Iterator[list[tuple[str, bool]]]:
    heard: list[tuple[str, bool]] = []

    def hear(sender: Any, user: User, purpose: Purpose, granted: bool, **kwargs: Any) -> None:
        heard.append((purpose.value, granted))

    consent.consent_changed.connect(hear)
    yield heard
    consent.consent_changed.disconnect(hear)


def new_words(monkeypatch: pytest.MonkeyPatch, purpose: Purpose) -> None:
    monkeypatch.setattr(consent, "TEXT_VERSIONS", {**consent.TEXT_VERSIONS, purpose: "2031-01"})


def test_nothing_is_granted_before_it_was_asked(mira: User) -> None:
    assert consent.standing(mira) == dict.fromkeys(Purpose, False)
    assert not consent.holds(mira, Purpose.CAMERA)
    assert consent.needs_asking(mira)


def test_the_newest_decision_counts(mira: User) -> None:
    consent.decide(mira, Purpose.CAMERA, True)
    assert consent.holds(mira, Purpose.CAMERA)
    consent.decide(mira, Purpose.CAMERA, False)
    assert not consent.holds(mira, Purpose.CAMERA)
    assert consent.standing(mira)[Purpose.CAMERA] is False


def test_a_clock_set_back_does_not_revive_a_withdrawn_consent(mira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    consent.decide(mira, Purpose.CAMERA, True)
    Consent(
        user=mira,
        purpose=Purpose.CAMERA,
        granted=False,
        text_version=consent.TEXT_VERSIONS[Purpose.CAMERA],
        at=timezone.now() - timezone.timedelta(days=1),
    ).save()
    assert not consent.holds(mira, Purpose.CAMERA)


def test_purposes_and_people_are_apart(mira: User) -> None:
    jonas = User.objects.create_user("jonas")
    consent.decide(mira, Purpose.CAMERA, True)
    assert not consent.holds(mira, Purpose.KEEP_PICTURES)
    assert not consent.holds(jonas, Purpose.CAMERA)
    assert not consent.standing(jonas)[Purpose.CAMERA]


def test_new_words_ask_anew(mira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    consent.decide_all(mira, dict.fromkeys(Purpose, True))
    assert not consent.needs_asking(mira)
    new_words(monkeypatch, Purpose.CAMERA)
    assert not consent.holds(mira, Purpose.CAMERA)
    assert consent.standing(mira) == {
        Purpose.CAMERA: False,
        Purpose.KEEP_PICTURES: True,
        Purpose.TRIAL: True,
        Purpose.COUNTED: True,
    }
    assert consent.needs_asking(mira)
    consent.decide(mira, Purpose.CAMERA, True)
    assert consent.holds(mira, Purpose.CAMERA)


def test_standing_takes_one_query_however_often_somebody_decided(
    mira: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for granted in (True, False, True):
        consent.decide_all(mira, dict.fromkeys(Purpose, granted))
    with django_assert_num_queries(1):
        assert consent.standing(mira) == dict.fromkeys(Purpose, True)


def test_the_decisions_of_many_take_one_query_and_stay_apart(
    mira: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    jonas, nobody = (create_person(name, "a quiet tide at noon") for name in ("jonas", "nobody"))
    for person, granted in ((mira, True), (jonas, True), (jonas, False)):
        consent.decide(person, Purpose.CAMERA, granted)
    with django_assert_num_queries(1):
        found = consent.decisions_of([mira, jonas, nobody])
    assert [found[person].withdrawn(Purpose.CAMERA) for person in (mira, jonas, nobody)] == [False, True, True]
    assert [found[person].holds(Purpose.CAMERA) for person in (mira, jonas, nobody)] == [True, False, False]


def test_others_hear_of_a_decision_once(mira: User, news: list[tuple[str, bool]]) -> None:
    consent.decide(mira, Purpose.CAMERA, True)
    consent.decide(mira, Purpose.CAMERA, True)
    consent.decide(mira, Purpose.CAMERA, False)
    assert news == [("camera", True), ("camera", False)]
    assert [row.granted for row in consent.history(mira)] == [False, True]


def test_a_withdrawal_that_cannot_be_acted_on_is_not_stored(mira: User) -> None:
    def stumble(sender: Any, **kwargs: Any) -> None:
        raise OSError("the disk is gone")

    consent.decide(mira, Purpose.KEEP_PICTURES, True)
    consent.consent_changed.connect(stumble)
    try:
        with pytest.raises(OSError, match="disk"):
            consent.decide(mira, Purpose.KEEP_PICTURES, False)
    finally:
        consent.consent_changed.disconnect(stumble)
    assert consent.holds(mira, Purpose.KEEP_PICTURES)


def test_a_decision_is_never_changed_or_deleted(mira: User) -> None:
    decision = consent.decide(mira, Purpose.CAMERA, False)
    decision.granted = True
    disguised = Consent(pk=decision.pk, user=mira, purpose=Purpose.CAMERA, granted=True, text_version="x")
    for forbidden in (
        decision.save,
        decision.delete,
        lambda: Consent.objects.filter(user=mira).update(granted=True),
        lambda: mira.consents.update(granted=True),
        lambda: Consent.objects.bulk_update([decision], ["granted"]),
        lambda: Consent.objects.all().delete(),
    ):
        with pytest.raises(AppendOnlyError):
            forbidden()
    assert not Consent.objects.get().granted
    with pytest.raises(IntegrityError), transaction.atomic():
        disguised.save()
    assert not Consent.objects.get().granted


def test_erasing_a_person_erases_the_decisions(mira: User) -> None:
    consent.decide_all(mira, dict.fromkeys(Purpose, True))
    mira.delete()
    assert not Consent.objects.exists()
