"""Whose readings may go into a number that somebody else sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from journal.accounts.consent import who_agreed
from journal.accounts.models import Purpose, User

FEWEST: Final = 10


@dataclass(frozen=True)
class Counting:
    """What one viewer may count: everybody among ten or more, else themselves and those who agreed to it.

    Nobody who is made up is counted, nor helps to make ten.
    """

    viewer: int
    agreed: frozenset[int]
    made_up: frozenset[int]

    @classmethod
    def by(cls, viewer: int) -> Counting:
        """Ask once who agreed and who is made up, for all the numbers of a page."""
        made_up = User.objects.filter(is_demo=True).values_list("pk", flat=True)
        return cls(viewer, frozenset(who_agreed(Purpose.COUNTED)), frozenset(made_up))

    def among(self, people: Iterable[int]) -> frozenset[int]:
        """Those of some people whose readings may be counted together."""
        everybody = frozenset(people) - self.made_up
        return everybody if len(everybody) >= FEWEST else everybody & (self.agreed | {self.viewer})

    def left_out(self, people: Iterable[int]) -> int:
        """How many of some people are too few to be counted."""
        everybody = frozenset(people)
        return len(everybody - self.made_up - self.among(everybody))

    def totals(self, rows: Iterable[tuple[str, int, int]]) -> tuple[Counter[str], int]:
        """Rows of a kind, a person and a count -> counts by kind of those who may be counted, and who is left out."""
        found = list(rows)
        people = {person for _kind, person, _count in found}
        counted, totals = self.among(people), Counter[str]()
        for kind, person, count in found:
            if person in counted:
                totals[kind] += count
        return totals, self.left_out(people)
