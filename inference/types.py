"""The values that the steps of a reading hand to one another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inference.emotions import EMOTIONS


class Status(StrEnum):
    """What came of looking at one picture."""

    READ = "read"
    NO_CLEAR_READING = "no_clear_reading"
    NO_FACE = "no_face"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    BAD_IMAGE = "bad_image"


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face.

    ``box`` is (left, top, right, bottom) and ``landmarks`` are the (x, y) of left eye, right eye, nose, left
    and right corner of the mouth as the viewer sees them, all in pixels of the upright picture that was
    looked at. ``score`` is the detector's confidence, 0..1.
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: tuple[tuple[float, float], ...]

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Eight intensities in ``EMOTIONS`` order, each 0..1, and the emotions that passed their thresholds."""

    intensities: tuple[float, ...]
    present: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.intensities) != len(EMOTIONS):
            raise ValueError(f"a mixture has {len(EMOTIONS)} intensities, not {len(self.intensities)}")

    def by_name(self) -> dict[str, float]:
        return dict(zip(EMOTIONS, self.intensities, strict=True))


@dataclass(frozen=True, slots=True)
class FaceReading:
    """A face and the mixture on it; no mixture where the face could not be read fairly."""

    face: Face
    mixture: Mixture | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one picture showed: faces largest first, and ``width`` x ``height`` of the upright picture."""

    status: Status
    faces: tuple[FaceReading, ...] = ()
    width: int = 0
    height: int = 0
    detail: str = ""
