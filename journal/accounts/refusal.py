"""Why something that a person wanted to keep, a picture or a check-in, can't be kept."""

from __future__ import annotations


class Refused(Exception):
    """``code`` is for programs, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
