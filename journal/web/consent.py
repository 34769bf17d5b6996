"""What a person agrees to, before the camera is first asked for and whenever they change their mind."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.accounts.consent import decide_all, history, needs_asking, standing
from journal.accounts.forms import ConsentForm
from journal.accounts.models import Purpose, User
from journal.accounts.request import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: PersonRequest) -> HttpResponse:
    """Say what happens to a picture, ask, and store each answer."""
    # A post without any tick is an answer too, so an empty POST must bind the form.
    form = ConsentForm(request.POST if request.method == "POST" else None, initial=_ticks(request.user))
    if form.is_valid():
        decisions = form.decisions()
        decide_all(request.user, decisions)
        messages.success(request, _("Your choices are saved, and they count from now on."))
        return redirect("web:capture" if decisions[Purpose.CAMERA] else "web:today")
    return render(request, "web/consent.html", _context(request.user, form))


def _ticks(user: User) -> dict[str, bool]:
    return {purpose.value: granted for purpose, granted in standing(user).items()}


def _context(user: User, form: ConsentForm) -> dict[str, object]:
    return {"form": form, "history": history(user), "asking": needs_asking(user), "profile": user.profile}
