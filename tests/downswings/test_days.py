"""What the chart is fed: value, source, model version, and how far two models lie apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.downswings.days import days_of, shadow_of
from journal.downswings.offsets import Day
from journal.moods.valence import WEIGHTS
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from tests.downswings.lives import TODAY
from tests.moods.test_rollup import check_in, reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(version: ModelVersion) -> ModelVersion:
    return ModelVersion.objects.create(name="newer", digest="n", sha256="n", manifest={}, source="")


def test_a_day_carries_both_its_values_and_who_read_it(person: User, version: ModelVersion) -> None:
    check_in(person, TODAY - timedelta(days=4), valence=-0.5)
    reading(person, version, TODAY - timedelta(days=4), happiness=1)
    reading(person, version, TODAY - timedelta(days=3), sadness=1)
    check_in(person, TODAY - timedelta(days=2), valence=0.25)
    check_in(person, TODAY - timedelta(days=1), words=["calm"])
    check_in(person, TODAY, valence=0.9)
    assert days_of(person, None, TODAY) == [
        Day(TODAY - timedelta(days=4), -0.5, pytest.approx(WEIGHTS["happiness"]), str(version.pk)),
        Day(TODAY - timedelta(days=3), None, pytest.approx(WEIGHTS["sadness"]), str(version.pk)),
        Day(TODAY - timedelta(days=2), 0.25, None, ""),
    ]
    assert len(days_of(person, TODAY - timedelta(days=3), TODAY)) == 2


def beside(person: User, old: ModelVersion, new: ModelVersion, days: int, offset: int) -> None:
    """Pictures that both models read: the new one sees sadness where the old one saw nothing."""
    for number in range(days):
        first = reading(person, old, TODAY - timedelta(days=offset + number), neutral=1)
        Reading.objects.bulk_create(
            [Reading(snapshot=first.snapshot, version=new, role=Reading.Role.SHADOW,
                     **(dict.fromkeys(EMOTIONS, 0.0) | {"sadness": 1.0}),
                     box_left=0, box_top=0, box_right=1, box_bottom=1, score=1)]
        )  # fmt: skip


@pytest.mark.parametrize(("pictures", "known"), [(9, False), (10, True)])
def test_models_are_compared_on_ten_pictures_from_before_the_switch(
    person: User, version: ModelVersion, newer: ModelVersion, pictures: int, known: bool
) -> None:
    beside(person, version, newer, pictures, offset=10)
    reading(person, newer, TODAY - timedelta(days=5), neutral=1)
    beside(person, version, newer, 4, offset=1)  # after the switch it is too late
    days = [Day(TODAY - timedelta(days=10), seen=0.0, version=str(version.pk)),
            Day(TODAY - timedelta(days=5), seen=0.0, version=str(newer.pk))]  # fmt: skip
    found = shadow_of(person, days)
    assert found == ({str(newer.pk): pytest.approx(-WEIGHTS["sadness"])} if known else {})


def test_one_model_needs_no_comparing(person: User, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert shadow_of(person, [Day(TODAY, seen=0.0, version="1")]) == {}
