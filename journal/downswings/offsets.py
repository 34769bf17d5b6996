"""What a day was like on one and the same scale, whoever said it: the person, or a model that read a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import inf, isfinite
from typing import Final, NamedTuple

# downswings.md, "The chart", step 2.
PAIRS_BEFORE_SHIFT: Final = 10  # days with both before camera-only days are shifted
QUIET_AFTER_SWITCH: Final = timedelta(days=7)  # no flag on camera days alone this soon after a model switch


class BadDay(ValueError):
    """A day that the chart can't use; the message names it."""


class Day(NamedTuple):
    """One observed local day: the mean valence of its check-ins, of its readings, or both."""

    date: date
    said: float | None = None
    seen: float | None = None
    version: str = ""  # the model version behind ``seen``; empty where the day has no reading

    def check(self, scale: tuple[float, float] | None) -> None:
        """Raise ``BadDay`` for a day without a value, a value that is no number, or one outside ``scale``."""
        if self.said is None and self.seen is None:
            raise BadDay(f"{self.date} has no value: leave a day out when nothing was noted.")
        low, high = scale or (-inf, inf)
        for value in (self.said, self.seen):
            if value is None or (low <= value <= high and isfinite(value)):
                continue
            if not isfinite(value):
                raise BadDay(f"{self.date} has the value {value}, which is no number.")
            raise BadDay(f"{self.date} has the value {value:g}, outside the scale {low:g} to {high:g}.")


class Offsets:
    """How far readings lie from what the person says, learned from earlier days alone.

    A reading of a later model version is first put on the scale of the first version by the differences that shadow
    readings showed: ``shadow`` maps a version to the mean of (version before it - this version), known at the switch.
    """

    __slots__ = ("_difference", "_pairs", "_shadow", "from_model", "switched", "version")

    def __init__(self, shadow: Mapping[str, float]) -> None:
        self._shadow = shadow
        self._difference = 0.0
        self._pairs = 0
        self.version = ""
        self.from_model = 0.0  # added to the current version's readings
        self.switched: date | None = None

    @property
    def from_camera(self) -> float:
        """What is added to a camera-only day: 0 until ten days have both."""
        return self._difference / self._pairs if self._pairs >= PAIRS_BEFORE_SHIFT else 0.0

    def meet(self, day: Day) -> bool:
        """Notice which model version read this day; True where it isn't the one before."""
        if day.version == self.version:
            return False
        first, self.version = not self.version, day.version
        if first:
            return False
        self.from_model += self._shadow.get(day.version, 0.0)
        self.switched = day.date
        return True

    def read(self, day: Day) -> tuple[float, float]:
        """What the day counts as before the camera's shift, and 1.0 if the camera alone says so."""
        if day.said is not None:
            return day.said, 0.0
        assert day.seen is not None  # ``Day.check`` made sure
        return day.seen + self.from_model, 1.0

    def learn(self, day: Day) -> None:
        """Take in a day that has both; only later days are shifted by it."""
        if day.said is not None and day.seen is not None:
            self._pairs += 1
            self._difference += day.said - day.seen - self.from_model

    def just_switched(self, day: date) -> bool:
        return self.switched is not None and day - self.switched < QUIET_AFTER_SWITCH
