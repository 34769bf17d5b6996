"""Those of allauth's pages that send a message while somebody waits: they say kindly if it didn't leave."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import AddEmailForm, ResetPasswordForm
from allauth.account.views import EmailView, PasswordResetView
from django.contrib import messages
from django.http import HttpResponse

from journal.accounts import address
from journal.accounts.refusal import Refused
from journal.accounts.request import PersonRequest


class Addresses(EmailView):  # type: ignore[misc]  # allauth has no types
    """Add, confirm, choose and remove e-mail addresses."""

    def form_valid(self, form: AddEmailForm) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)
        except Refused as refused:
            form.add_error("email", str(refused))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        messages.success(self.request, address.ON_ITS_WAY)
        return answer

    def _action_send(self, request: PersonRequest, *args: Any, **kwargs: Any) -> None:
        """Send an address's link once more; allauth would keep silent where it doesn't."""
        waiting = address.unconfirmed(request.user, email=request.POST["email"].lower())
        if waiting is None:
            return
        try:
            address.send_link(request, waiting)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, address.ON_ITS_WAY)


class Forgotten(PasswordResetView):  # type: ignore[misc]
    """A link to a new password, by e-mail. It says the same whether or not the address is known here."""

    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except Refused as refused:
            form.add_error("email", str(refused))
            return self.form_invalid(form)  # type: ignore[no-any-return]


addresses = Addresses.as_view()
forgotten = Forgotten.as_view()
