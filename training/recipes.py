"""Named recipes: everything that decides what a run learns, in one place to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final


@dataclass(frozen=True)
class Changes:
    """How far a face may be changed at random without changing what is on it.

    ``turn`` in degrees; ``scale`` as a share, up or down; ``shift`` in halves of the picture's side; ``gamma`` as the
    exponent's logarithm; ``contrast`` as a share; ``brightness`` and ``slope`` (light that falls from one side)
    in units of the whole range of grey; ``coarsened``: the share of faces blurred, and again that of faces with noise.
    """

    turn: float = 20
    scale: float = 0.2
    shift: float = 0.2
    gamma: float = 0.4
    contrast: float = 0.35
    brightness: float = 0.15
    slope: float = 0.2
    coarsened: float = 0.3


# What viewers name so seldom that a network hears too little of it, and from which share of the votes on.
RARE: Final = ("disgust", "fear", "contempt")
RARE_SHARE: Final = 0.2

# What a face in front of a camera does; the defaults are what a bad picture of it does.
MILD: Final = Changes(turn=12, scale=0.13, shift=0.14, gamma=0, contrast=0.2, brightness=0.12, slope=0, coarsened=0)


@dataclass(frozen=True)
class Recipe:
    """Two runs with the same recipe, data, device and precision agree.

    ``peak_rate`` is the one-cycle schedule's highest learning rate, ``average_decay`` that of the moving average
    of the weights, which is what gets exported. ``mirrored``: the bundle shall read each face's mirror image too.
    ``trust`` is how much of what is learned about a labelled face comes from teachers, where there are any; the
    rest comes from its votes. ``rare``: how many times a pass shows a labelled face whose viewers named a rare emotion
    (``RARE``). ``steady`` keeps the rate at its peak from first to last.
    """

    architecture: dict[str, Any] = field(
        default_factory=lambda: {
            "kind": "emotion_net",
            "channels": 1,
            "stem": 24,
            "widths": [48, 96, 192],
            "blocks": [2, 2, 2],
            "dropout": 0.3,
        }
    )
    epochs: int = 18
    batch: int = 128
    peak_rate: float = 0.12
    momentum: float = 0.9
    weight_decay: float = 5e-4
    average_decay: float = 0.998
    seed: int = 0
    changes: Changes = field(default_factory=Changes)
    mirrored: bool = True
    trust: float = 0.5
    rare: int = 1
    steady: bool = False

    @classmethod
    def read(cls, values: dict[str, Any]) -> Recipe:
        """The recipe that ``dataclasses.asdict`` made these values of."""
        return cls(**values | {"changes": Changes(**values["changes"])})


PLAIN: Final = Recipe()
# A teacher: half as much arithmetic again, on faces that are changed little. Better on clean faces, and much worse on
# blurred and dark ones (LOG.md), which is why it isn't what ships.
WIDE: Final = replace(
    PLAIN,
    architecture={**PLAIN.architecture, "stem": 32, "widths": [64, 128, 192]},
    epochs=24,
    changes=MILD,
)
# For what ships: it learns from teachers too (`teach`), reads each face once, and takes the light and blur of bad
# pictures with faces that the detector has already brought about where they belong.
PUPIL: Final = replace(PLAIN, epochs=30, changes=Changes(turn=15, scale=0.16, shift=0.15), mirrored=False, trust=0.6)
# For a pupil that has learned (`--start`): teachers hardly ever say disgust or contempt, so that it hears more of the
# votes now, sees rare emotions more often, and its faces as they more often are.
POLISH: Final = replace(
    PUPIL,
    epochs=8,
    peak_rate=0.03,
    changes=Changes(turn=12, scale=0.13, shift=0.14, gamma=0.3, contrast=0.3, brightness=0.13, slope=0.17),
    trust=0.2,
    rare=3,
)
# For a bundle that was polished (`--start`): longer, with what it sees itself as lessons, mostly on faces that have no
# votes.
POLISH_ON: Final = replace(POLISH, epochs=14, trust=0.1)
# For a polished bundle, with lessons from teachers that err elsewhere than it does (`identity`).
DISTIL: Final = replace(POLISH, epochs=7, peak_rate=0.025, trust=0.5)
# For trying the commands out: it learns to tell a smile from a drawn face in seconds, and is of no use on people.
TINY: Final = replace(
    PLAIN,
    architecture={**PLAIN.architecture, "stem": 4, "widths": [8, 16], "blocks": [1, 1], "dropout": 0.1},
    epochs=8,
    batch=16,
    peak_rate=0.1,
    average_decay=0.8,
)
RECIPES: Final[dict[str, Recipe]] = {
    "plain": PLAIN,
    "wide": WIDE,
    "pupil": PUPIL,
    "polish": POLISH,
    "polish-on": POLISH_ON,
    "distil": DISTIL,
    "tiny": TINY,
}
# These are of no use from a random beginning; the network is that of the bundle they begin with.
CONTINUED: Final = ("polish", "polish-on", "distil")
