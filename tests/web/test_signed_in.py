"""Views that count on somebody being signed in see to it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def views(patterns: list[URLPattern | URLResolver]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield pattern.callback


def counts_on_a_person(view: Any) -> bool:
    return "PersonRequest" in inspect.unwrap(view).__annotations__.values()


def test_no_view_hands_a_stranger_on_as_a_person() -> None:
    found = [view for view in views(get_resolver().url_patterns) if counts_on_a_person(view)]
    assert len(found) > 40
    # What ``login_required`` leaves on a view, through whatever else is around it.
    assert [view.__qualname__ for view in found if not hasattr(view, "redirect_field_name")] == []
