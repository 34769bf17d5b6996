"""The numbers of the charts as rows: heads first, for a table or a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.moods import history, patterns, tags
from journal.moods.history import Series

Rows = Iterator[Sequence[Any]]


def goes(user: User) -> Iterator[tuple[str, patterns.Goes]]:
    """What goes with what, by the tags' names."""
    named = {tag.id: tag.name for tag in tags.all_tags(user)}
    return ((named[found.tag], found) for found in patterns.what_goes_with(user) if found.tag in named)


def _days(user: User) -> Rows:
    yield "day", "valence", "valence_from"
    for day, value, said in history.calendar(user):
        yield day, f"{value:.4f}", "said" if said else "camera"


def _when(user: User) -> Rows:
    yield "weekday", "hour", "valence", "entries"  # Monday is 1, as in ISO 8601
    for cell in patterns.when(user):
        yield cell.weekday + 1, cell.hour, f"{cell.valence:.4f}", cell.count


def _tags(user: User) -> Rows:
    yield "tag", "days", "difference", "low", "high"
    for name, found in goes(user):
        yield _as_text(name), found.days, f"{found.difference:.4f}", f"{found.low:.4f}", f"{found.high:.4f}"


def _as_text(name: str) -> str:
    """A tag's name so that no spreadsheet takes it for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def over_time(found: Series) -> Rows:
    yield ["at", *EMOTIONS, "valence", "valence_from"]
    for point in found.points:
        mixture = [f"{share:.4f}" for share in point.mixture] if point.mixture else [""] * len(EMOTIONS)
        value = "" if point.valence is None else f"{point.valence:.4f}"
        yield [point.at, *mixture, value, "" if point.valence is None else "said" if point.said else "camera"]


# Charts that have no span.
OF_CHARTS: Final[dict[str, Callable[[User], Rows]]] = {"days": _days, "when": _when, "tags": _tags}
