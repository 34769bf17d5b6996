"""Which days a history page asks for, and how fine: from an address that anybody may have typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest

from journal.accounts.models import User
from journal.accounts.request import PersonRequest
from journal.moods.history import Grain, Span
from journal.snapshots.days import today_of
from journal.web import timeline

EARLIEST: Final = date(1990, 1, 1)
RANGES: Final = {"2w": 14, "3m": 91, "1y": 365, "all": None}
USUALLY: Final = "3m"
OWN: Final = "own"  # from one day to another, as the person chose


@dataclass(frozen=True)
class Asked:
    """Whose days, which of them, by what name, and the grain that was asked for, if it is one they bear."""

    user: User
    span: Span
    range: str
    grain: Grain | None

    @property
    def query(self) -> str:
        """The same question as the end of an address."""
        parts = {"range": self.range}
        if self.range == OWN:
            parts |= {"from": self.span.start.isoformat(), "to": self.span.end.isoformat()}
        if self.grain:
            parts["grain"] = self.grain.value
        return urlencode(parts)


def asked(request: PersonRequest) -> Asked:
    """Read a question; whatever can't be understood is left out of it."""
    user, name = request.user, request.GET.get("range", "")
    span = _own(request, user) if name in (OWN, "") else None
    if span:
        name = OWN
    else:
        name = name if name in RANGES else USUALLY
        span = _named(user, name)
    return Asked(user, span, name, _grain(request.GET.get("grain", ""), span))


def _own(request: HttpRequest, user: User) -> Span | None:
    start, end = _date(request.GET.get("from", "")), _date(request.GET.get("to", ""))
    if start is None and end is None:
        return None
    today = today_of(user)
    start, end = start or _first(user, today), end or today
    return Span(min(start, end), max(start, end))


def _named(user: User, name: str) -> Span:
    today, length = today_of(user), RANGES[name]
    return Span(today - timedelta(days=length - 1) if length else _first(user, today), today)


def _date(text: str) -> date | None:
    try:
        return max(date.fromisoformat(text), EARLIEST)
    except ValueError:
        return None


def _first(user: User, otherwise: date) -> date:
    return min(timeline.dates(user), default=otherwise)


def _grain(text: str, span: Span) -> Grain | None:
    """The grain that was asked for, as long as it isn't finer than the span bears."""
    try:
        wanted = Grain(text)
    except ValueError:
        return None
    order = list(Grain)
    return wanted if order.index(wanted) >= order.index(span.grain()) else None
