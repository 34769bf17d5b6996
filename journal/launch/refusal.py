"""The one way in which set-up and start-up give up."""

from __future__ import annotations


class RefusalError(Exception):
    """A sentence for the person that says why Moodtide doesn't go on, and the exit code to end with."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code
