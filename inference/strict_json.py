"""JSON as its standard has it (RFC 8259), from anybody, with nothing that a database or a float can't hold."""

from __future__ import annotations

import json
import math
from typing import Any, Final

DEEPEST: Final = 64
TOO_DEEP: Final = "it is nested too deeply"


def loads(data: bytes) -> Any:
    """Parse JSON whose numbers are finite, whose text is text and whose depth is moderate. Raises ``ValueError``."""
    try:
        value = json.loads(data, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error
    _check(value, DEEPEST)
    return value


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is too large")
    return number


def _whole(digits: str) -> int:
    _finite(digits)
    return int(digits)


def _check(value: Any, deeper: int) -> None:
    if deeper == 0:
        raise ValueError(TOO_DEEP)
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair is a ValueError
        if "\0" in value:
            raise ValueError("a text holds a null character")
    elif isinstance(value, list | dict):
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(part, deeper - 1)
