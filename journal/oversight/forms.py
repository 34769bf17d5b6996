"""Forms of the admin's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inference.emotions import EMOTIONS
from journal.moods.vocabulary import EMOTION_LABELS
from journal.registry.models import ModelVersion


class UploadForm(forms.Form):
    """A bundle as a zip."""

    bundle = forms.FileField(
        label=_("A bundle as a zip"),
        help_text=_(
            "manifest.json and model.safetensors, and nothing else; 15 MB at most. A larger one comes in by "
            "`manage.py register_model`."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )


class EvaluationForm(forms.Form):
    """Figures of one version."""

    measured_on = forms.CharField(label=_("Measured on"), initial="FER+", max_length=80)
    figures = forms.FileField(
        label=_("Figures"),
        help_text=_("What `python -m training evaluate --json` printed, or a model card's card.json."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


class ReasonForm(forms.Form):
    """Why something is decided."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)


class TrialForm(forms.Form):
    """How many snapshots the challenger reads too."""

    share = forms.IntegerField(label=_("Percent of snapshots"), min_value=1, max_value=100, initial=100)


class ThresholdsForm(forms.Form):
    """A threshold for each emotion; the name is asked for when they are saved."""

    def __init__(self, version: ModelVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present: dict[str, float] = version.manifest["thresholds"]
        for emotion in EMOTIONS:
            self.fields[emotion] = forms.FloatField(
                label=str(EMOTION_LABELS[emotion]), min_value=0, max_value=1, initial=present[emotion],
                widget=forms.NumberInput(attrs={"step": "0.01"}),
            )  # fmt: skip

    @property
    def thresholds(self) -> dict[str, float]:
        return {emotion: float(self.cleaned_data[emotion]) for emotion in EMOTIONS}


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name of the new version"), max_length=80)
