"""Check-ins: a page to write one, and the doors to keep, delete and bring it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.request import PersonRequest
from journal.moods import checkin, tags
from journal.moods.checkin import Conflict
from journal.moods.models import CheckIn, Tag
from journal.snapshots.days import is_today
from journal.web.checkin_form import entry_of, form_context, revision_of
from journal.web.fetch import by_fetch
from journal.web.own import own_check_ins

# In the session: the check-in whose deletion the next page offers to undo.
UNDO = "undo_check_in"


@login_required
@require_GET
def new(request: PersonRequest) -> HttpResponse:
    return render(request, "web/checkin.html", form_context(request.user, None))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show one that is kept, or keep what the form says."""
    if request.method == "POST":
        return _keep(request, request.user, pk)
    row = _own(request.user, pk)
    return render(request, "web/checkin.html", {"row": row, **form_context(request.user, row)})


def _keep(request: PersonRequest, user: User, pk: UUID) -> HttpResponse:
    try:
        row = checkin.keep(user, pk, entry_of(request.POST), revision_of(request.POST))
    except Refused as refused:
        return _refuse(request, refused)
    except Conflict as conflict:
        return _conflict(request, conflict)
    if by_fetch(request):
        return JsonResponse({"revision": row.revision if row else 0})
    return _done(request, row)


@login_required
@require_GET
def done(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Where a page goes once everything is kept: it says so, and shows the day that the entry belongs to."""
    return _done(request, own_check_ins(request.user).filter(pk=pk).first())


def _done(request: PersonRequest, row: CheckIn | None) -> HttpResponse:
    if row is None:
        messages.info(request, _("Nothing is kept of this one."))
        return redirect("web:today")
    if is_today(row.local_date, row.zone, request.user):
        messages.success(request, _("Kept. It stands below, under today."))
        return redirect("web:today")
    day = date_format(row.local_date, "j F Y")
    messages.success(request, _("Kept, with what else there is of %(day)s.") % {"day": day})
    return redirect("web:day", row.local_date)


def _refuse(request: HttpRequest, refused: Refused) -> HttpResponse:
    status = 404 if refused.code == "not_yours" else 400
    if by_fetch(request):
        return JsonResponse({"error": {"code": refused.code, "message": str(refused)}}, status=status)
    if status == 404:
        raise Http404
    messages.error(request, str(refused))
    return redirect("web:today")


def _conflict(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    if conflict.current is None:
        sentence = _("This entry was deleted in another window. What stands here is not lost: keep it as a new one.")
    else:
        sentence = _("This entry was changed in another window. What stands here is not lost: choose which to keep.")
    if by_fetch(request):
        revision = conflict.current.revision if conflict.current else None
        return JsonResponse({"error": {"code": "conflict", "message": sentence}, "revision": revision}, status=409)
    messages.error(request, sentence)
    return redirect("web:today")


@login_required
@require_POST
def delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = checkin.delete(request.user, pk)
    if row is None:
        raise Http404
    request.session[UNDO] = str(pk)
    return redirect("web:today")


@login_required
@require_POST
def restore(request: PersonRequest, pk: UUID) -> HttpResponse:
    if checkin.restore(request.user, pk) is None:
        messages.error(request, _("This check-in is gone for good; deletions can be undone for an hour."))
    else:
        messages.success(request, _("It is back."))
    return redirect("web:today")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tag_box(request: PersonRequest) -> HttpResponse:
    """All tags, each with its name, picture and group; a POST makes one."""
    if request.method == "POST":
        return _make_tag(request, request.user)
    return render(
        request,
        "web/tags.html",
        {"tags": tags.all_tags(request.user), "icons": tags.ICONS, "groups": Tag.Group.choices},
    )


@login_required
@require_POST
def change_tag(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Rename a tag, put it away, or offer it again."""
    name, icon, group = (request.POST.get(field, "") for field in ("name", "icon", "group"))
    try:
        if request.POST.get("do") == "put_away":
            tags.put_away(request.user, pk)
        elif request.POST.get("do") == "offer":
            tags.offer(request.user, pk)
        else:
            tags.change(request.user, pk, name, icon, group)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("web:tags")


def _make_tag(request: HttpRequest, user: User) -> HttpResponse:
    wanted = (request.POST.get(field, "") for field in ("name", "icon", "group"))
    try:
        made = tags.make(user, *wanted)
    except Refused as refused:
        return JsonResponse({"error": {"code": refused.code, "message": str(refused)}}, status=400)
    return JsonResponse({"id": str(made.id), "name": made.name, "icon": made.icon, "group": made.group})


def _own(user: User, pk: UUID) -> CheckIn:
    row = own_check_ins(user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
