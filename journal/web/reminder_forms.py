"""The forms of the reminders page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
)  # fmt: skip


def _clock(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **options)


class TimeForm(forms.Form):
    """A time, and the days on which it counts."""

    at = _clock(_("Time"))
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=DAYS,
        coerce=int,
        initial=[day for day, _name in DAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A reminder needs at least one day of the week.")},
    )


class QuietForm(forms.Form):
    """From when until when nothing is sent."""

    start = _clock(_("From"), initial=time(22))
    end = _clock(_("Until"), initial=time(7))


def in_words(days: Iterable[int]) -> str:
    """Days of the week as people say them."""
    chosen = sorted(days)
    names = [str(name) for day, name in DAYS if day in chosen]
    if len(chosen) == 7:
        return str(_("Every day"))
    if chosen == [0, 1, 2, 3, 4]:
        return str(_("Monday to Friday"))
    if len(names) == 1:
        return names[0]
    return str(_("%(days)s and %(last)s")) % {"days": ", ".join(names[:-1]), "last": names[-1]}
