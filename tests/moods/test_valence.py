from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.emotions import EMOTIONS
from journal.moods.valence import WEIGHTS, of_mixture, of_named
from journal.moods.vocabulary import EMOTION_LABELS

mixtures = st.fixed_dictionaries({emotion: st.floats(0, 1) for emotion in EMOTIONS})


def pure(emotion: str) -> dict[str, float]:
    return {name: float(name == emotion) for name in EMOTIONS}


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_pure_emotion_is_worth_its_weight(emotion: str) -> None:
    assert of_mixture(pure(emotion)) == WEIGHTS[emotion]


def test_the_order_is_what_people_say() -> None:
    assert max(WEIGHTS, key=lambda name: WEIGHTS[name]) == "happiness"
    assert all(WEIGHTS[name] < 0 for name in ("sadness", "anger", "disgust", "fear", "contempt"))
    assert WEIGHTS["neutral"] == 0


@given(mixtures)
def test_a_mixture_lies_between_its_extremes_whatever_its_sum(mixture: dict[str, float]) -> None:
    value = of_mixture(mixture)
    if value is None:
        assert sum(mixture.values()) == 0
    else:
        assert min(WEIGHTS.values()) - 1e-9 <= value <= max(WEIGHTS.values()) + 1e-9
        half = of_mixture({name: share / 2 for name, share in mixture.items()})
        assert half is None or half == pytest.approx(value, abs=1e-6)


def test_what_was_named_counts_alike_and_nothing_named_says_nothing() -> None:
    assert of_named(["happiness", "sadness"]) == pytest.approx((WEIGHTS["happiness"] + WEIGHTS["sadness"]) / 2)
    assert of_named([]) is None


def test_each_emotion_has_a_name_that_people_read() -> None:
    assert tuple(EMOTION_LABELS) == EMOTIONS
