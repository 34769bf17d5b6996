"""What each sensitivity costs and brings, as simulated: the figures that people are shown.

Measured by ``manage.py simulate_downswings`` with its own seed and 2,500 people a case, of whom a fifth of the days are
missing and a day resembles the one before (lag-1 correlation 0.3). A test draws other lives and holds these to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.downswings.models import Sensitivity


@dataclass(frozen=True)
class Cost:
    """Flags in a year in which nothing changed, and the shares of drops of 1 SD noticed by day 21 and 30."""

    flags: float
    by_21: float
    by_30: float

    @property
    def often(self) -> str:
        """How often chance alone flags, in words that stand after "by chance"."""
        return often(self.flags)

    @property
    def in_a_hundred(self) -> int:
        """Of a hundred such drops, how many are noticed within three weeks."""
        return round(100 * self.by_21)


COSTS: Final[Mapping[Sensitivity, Cost]] = {
    Sensitivity.CALM: Cost(flags=0.46, by_21=0.60, by_30=0.76),
    Sensitivity.USUAL: Cost(flags=0.99, by_21=0.75, by_30=0.87),
    Sensitivity.SENSITIVE: Cost(flags=1.95, by_21=0.85, by_30=0.94),
}


def often(a_year: float) -> str:
    """A rate in words: "about once a year", "about once in 2 years", "about 2 times a year"."""
    if a_year >= 1.5:
        times = round(a_year)
        return ngettext("about %(times)s time a year", "about %(times)s times a year", times) % {"times": times}
    years = round(1 / a_year)
    if years <= 1:
        return _("about once a year")
    return ngettext("about once in %(years)s year", "about once in %(years)s years", years) % {"years": years}
