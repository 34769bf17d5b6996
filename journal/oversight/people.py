"""Whose readings may go into a number that somebody else sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from journal.accounts.consent import who_agreed
from journal.accounts.models import Purpose

FEWEST: Final = 10


@dataclass(frozen=True)
class Counting:
    """What one viewer may count: everybody among ten or more, else themselves and those who agreed to it."""

    viewer: int
    agreed: frozenset[int]

    @classmethod
    def by(cls, viewer: int) -> Counting:
        """Ask once who agreed, for all the numbers of a page."""
        return cls(viewer, frozenset(who_agreed(Purpose.COUNTED)))

    def among(self, people: Iterable[int]) -> frozenset[int]:
        """Those of some people whose readings may be counted together."""
        everybody = frozenset(people)
        return everybody if len(everybody) >= FEWEST else everybody & (self.agreed | {self.viewer})
