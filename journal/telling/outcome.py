"""How an attempt to send ends where it doesn't simply succeed. ``word`` is for the operator, never about the person."""

from __future__ import annotations

from datetime import timedelta


class NotNow(Exception):
    """Nothing was taken, and another attempt may go better."""

    def __init__(self, word: str, after: timedelta | None = None) -> None:
        super().__init__(word)
        self.word, self.after = word, after


class NotEver(Exception):
    """Another attempt would end alike, or nobody knows whether this one went through."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word
