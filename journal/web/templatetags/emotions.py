"""How templates name the eight emotions."""

from __future__ import annotations

from django import template

from journal.moods.vocabulary import EMOTION_LABELS

register = template.Library()


@register.filter
def called(emotion: str) -> str:
    """An emotion as people read it; the empty word for anything else."""
    return str(EMOTION_LABELS.get(emotion, ""))


@register.simple_tag
def all_emotions() -> list[str]:
    return list(EMOTION_LABELS)
