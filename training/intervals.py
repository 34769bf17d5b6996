"""How far chance alone could move a figure: 95 % bootstrap intervals over faces (Efron 1979)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from training.evaluate import Floats, rounded

RESAMPLES: Final = 1000
PERCENTILES: Final = (2.5, 97.5)


def resampled(count: int, resamples: int = RESAMPLES, seed: int = 0) -> Floats:
    """(1 + resamples) x count: how often each face counts. The first row is the data itself, all ones."""
    random = np.random.default_rng(seed)
    drawn = random.multinomial(count, np.full(count, 1 / count), size=resamples)
    return np.concatenate([np.ones((1, count)), drawn])


def interval(values: Floats) -> dict[str, float]:
    """Figures of all rows of ``resampled`` -> the figure itself and its 95 % interval."""
    low, high = np.percentile(values[1:], PERCENTILES) if len(values) > 1 else (values[0], values[0])
    return {"value": rounded(values[0]), "low": rounded(low), "high": rounded(high)}


def shown(figure: dict[str, Any]) -> str:
    """``0.653 [0.631, 0.676]``."""
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def proportion(count: int, of: int) -> dict[str, float]:
    """``count`` of ``of`` -> the share and its 95 % Wilson interval (Wilson 1927), which also holds near 0 and 1."""
    if of == 0:
        return {"count": 0, "of": 0, "value": 0.0, "low": 0.0, "high": 1.0}
    share, z = count / of, 1.959964
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return {
        "count": count,
        "of": of,
        "value": rounded(share),
        "low": rounded(max(middle - half, 0)),
        "high": rounded(min(middle + half, 1)),
    }


def counted(share: dict[str, float]) -> str:
    """``32 of 34 (94 %, 81 to 98)``."""
    low, high = 100 * share["low"], 100 * share["high"]
    return f"{share['count']} of {share['of']} ({100 * share['value']:.0f} %, {low:.0f} to {high:.0f})"
