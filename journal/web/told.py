"""Where messages lead, and the way out of e-mails."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from journal.telling.models import Message
from journal.telling.unsubscribe import DeadLink, stop_email, whose


@login_required
@require_GET
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead the person to what their message is about; anybody else, and after it is forgotten, to today."""
    message = Message.objects.filter(pk=pk, user=request.user.pk).first()
    return redirect(message.page if message else "web:today")


@csrf_exempt  # a mail program posts here by itself, as RFC 8058 has it; the link is signed
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask at a visit, so that programs that look into mails switch nothing off; stop at a post."""
    try:
        person = whose(token)
    except DeadLink:
        return render(request, "web/unsubscribe.html", {"state": "dead"}, status=404)
    if request.method == "POST":
        stop_email(person)
        return render(request, "web/unsubscribe.html", {"state": "done"})
    return render(request, "web/unsubscribe.html", {"state": "ask"})
