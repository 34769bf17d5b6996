"""Forms about people."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from allauth.account.forms import AddEmailForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from journal.accounts import address, zones
from journal.accounts.models import Invitation, Profile, Purpose, User

# Minutes between periodic snapshots. More often than this tells nothing new about a mood.
SHORTEST_INTERVAL: Final = 5
LONGEST_INTERVAL: Final = 240


class NewPersonForm(BaseUserCreationForm):  # type: ignore[type-arg]  # not generic when it runs
    """A name and a password; the browser adds its time zone where it can run a script."""

    zone = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta(BaseUserCreationForm.Meta):
        model = User
        help_texts: ClassVar = {"username": _("The name that you sign in with. Letters, digits and @ . + - _ will do.")}

    def clean_zone(self) -> str:
        return zones.known_or_default(self.cleaned_data["zone"])


class AddressForm(AddEmailForm):  # type: ignore[misc]  # allauth has no types
    """An e-mail address, no longer than its column."""

    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self, request: HttpRequest) -> EmailAddress:
        """Keep the address and send its link. Raises ``Refused``."""
        return address.add(request, self.user, self.cleaned_data["email"])


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who an invitation is for, in the inviter's own words."""

    class Meta:
        model = Invitation
        fields: ClassVar = ["label"]
        labels: ClassVar = {"label": _("Who is it for?")}
        help_texts: ClassVar = {"label": _("Only so that you can tell your links apart. You can leave it empty.")}


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """When a day begins, where, and how often periodic snapshots are taken."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones.choices,
        help_text=_(
            "Decides when your days begin and end here. A snapshot keeps the zone of the device that it was taken with."
        ),
    )
    capture_interval = forms.IntegerField(
        label=_("Minutes between periodic snapshots"),
        min_value=SHORTEST_INTERVAL,
        max_value=LONGEST_INTERVAL,
        help_text=_("From 5 to 240. Counts only while you have them switched on and the camera page open."),
    )

    class Meta:
        model = Profile
        fields: ClassVar = ["zone", "day_start", "capture_interval", "show_run"]
        labels: ClassVar = {
            "day_start": _("A new day begins at"),
            "show_run": _("Show how many days in a row I kept"),
        }
        help_texts: ClassVar = {
            "day_start": _("A late evening belongs to the day before until this time."),
            "show_run": _("A quiet line on Today. A day or two that you missed don't end a run."),
        }
        widgets: ClassVar = {"day_start": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class ConsentForm(forms.Form):
    """One box for each purpose. The words are what people agree to: see ``consent.TEXT_VERSIONS``."""

    camera = forms.BooleanField(
        required=False,
        label=_("Read my face from the camera"),
        help_text=_(
            "When you press the shutter, or every so many minutes if you switch that on, one picture is taken and "
            "the shares of eight emotions are read from it. Without this the camera page stays shut."
        ),
    )
    keep_pictures = forms.BooleanField(
        required=False,
        label=_("Keep my pictures"),
        help_text=_(
            "Pictures stay, sealed, beside their readings until you delete them or take this back. "
            "Without this each picture is deleted as soon as it has been read."
        ),
    )
    trial = forms.BooleanField(
        required=False,
        label=_("Let a second model read along in trials"),
        help_text=_(
            "Now and then a new model is tried beside the one in use, on the same picture, which is kept, sealed, "
            "until both have read it, ten minutes at most. What the new one read is shown to nobody. Whoever looks "
            "after this site sees how far the two agree, never your picture or your readings."
        ),
    )
    counted = forms.BooleanField(
        required=False,
        label=_("Count me also where there are few of us"),
        help_text=_(
            "Whoever looks after this site sees how the model does: counts and averages over at least ten people, in "
            "which nobody can be made out. With this you are counted where fewer people are here too, and then an "
            "average may say something about you."
        ),
    )

    def decisions(self) -> dict[Purpose, bool]:
        """What was decided for each purpose."""
        return {purpose: bool(self.cleaned_data[purpose]) for purpose in Purpose}

    def words(self) -> list[tuple[Any, Any]]:
        """Label and explanation of each box."""
        return [(field.label, field.help_text) for field in self.fields.values()]
