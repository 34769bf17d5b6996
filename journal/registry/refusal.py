"""Why a version can't be taken in, decided on or put in charge."""

from __future__ import annotations


class VersionRefused(Exception):
    """``code`` is for programs, the message is for the person who asked."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
