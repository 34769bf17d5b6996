"""What the admin calls things."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.moods.vocabulary import EMOTION_LABELS

FIGURES: Final[dict[str, str | Promise]] = {
    "majority_accuracy": _("Majority accuracy"),
    "macro_f1": _("Macro F1"),
    "macro_precision": _("Macro precision"),
    "macro_recall": _("Macro recall"),
    "micro_f1": _("Micro F1"),
    "micro_precision": _("Micro precision"),
    "micro_recall": _("Micro recall"),
    "map": _("Mean average precision"),
    "average_precision": _("Average precision"),
    "f1": _("F1"),
    "precision": _("Precision"),
    "recall": _("Recall"),
    "brier": _("Brier score (lower is better)"),
    "ece": _("Calibration error, true or not (lower is better)"),
    "share_ece": _("Calibration error, vote shares (lower is better)"),
    "cross-fitted macro_f1": _("Macro F1, cross-fitted"),
    "cross-fitted micro_f1": _("Micro F1, cross-fitted"),
    "fp32": _("Milliseconds a face, fp32"),
    "bf16": _("Milliseconds a face, bf16"),
    "bytes": _("Bytes on disk"),
    "parameters": _("Parameters"),
    "found": _("Face found"),
    "read": _("Face read"),
    "shift": _("Shift"),
    "no_face": _("No face"),
    "no_clear_reading": _("No clear reading"),
    "corrected": _("Corrected by people"),
}
EVERYTHING: Final = {**EMOTION_LABELS, **FIGURES}


def of(name: str) -> str:
    """A name as people read it; what has no entry is shown as it came."""
    return str(EVERYTHING.get(name) or name.replace("_", " "))
