"""What an operator should hear at start: listening lines that nobody has looked at for a year."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.utils import timezone

from journal.web.crisis_lines import book


@register()
def crisis_lines_are_fresh(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn about lines that were entered or checked too long ago."""
    old = [line.name for line in book().all_lines() if line.is_old(timezone.now().date())]
    if not old:
        return []
    return [
        Warning(
            f"{len(old)} listening lines were last looked at more than a year ago: {', '.join(old[:5])}...",
            hint="`manage.py check_crisis` lists their pages. Put the day into journal/web/crisis.toml as `checked`.",
            id="web.W001",
        )
    ]
