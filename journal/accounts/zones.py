"""Time zones that a person may live in."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

DEFAULT: Final = "UTC"
# Some systems list these among the zones, but nobody lives there.
_NOWHERE: Final = {"Factory", "localtime"}


@cache
def known() -> frozenset[str]:
    """Names of all zones that this machine can compute with."""
    return frozenset(available_timezones() - _NOWHERE) | {DEFAULT}


def known_or_default(name: str) -> str:
    """The zone that a browser named, or UTC where it named none that we know."""
    return name if name in known() else DEFAULT


def choices() -> list[tuple[object, list[tuple[str, str]]]]:
    """Zones grouped by region, for a select."""
    regions: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(known()):
        regions[name.partition("/")[0] if "/" in name else ""].append(name)
    lone = regions.pop("", [])
    groups: list[tuple[object, list[str]]] = [*sorted(regions.items()), (_("Other"), lone)]
    return [(region, [(name, _in_words(name)) for name in names]) for region, names in groups]


def _in_words(name: str) -> str:
    return name.replace("_", " ")
