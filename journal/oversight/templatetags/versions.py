"""How the admin's templates write names, shares and intervals."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from journal.oversight import words
from journal.registry.models import Figure

register = template.Library()


@register.filter
def called(name: str) -> str:
    return words.of(name)


@register.filter
def percent(share: float) -> str:
    return f"{share * 100:.1f} %"


@register.filter
def signed(value: float) -> str:
    return f"{value:+.3f}"


@register.filter
def signed_percent(share: float) -> str:
    return _("%(points)s points") % {"points": f"{share * 100:+.1f}"}


@register.filter
def times(value: float, factor: float) -> float:
    return value * factor


@register.filter
def from_top(value: float) -> float:
    """Drawings count downwards, charts upwards."""
    return 100 - value


@register.filter
def number(figure: Figure | None) -> str:
    """A figure's value: whole numbers from 10 on, three digits after the point below."""
    if figure is None:
        return "–"
    return f"{figure.value:,.0f}" if abs(figure.value) >= 100 else f"{figure.value:.3f}"


@register.filter
def interval(figure: Figure | None) -> str:
    if figure is None or figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.3f} – {figure.high:.3f}"


@register.filter
def add_to(value: float, start: float) -> str:
    return f"{start + value:.2f}"
