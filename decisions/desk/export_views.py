"""Files of many letters: ask for one, see how far it is, fetch it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from decisions.desk.exporting import ExportRefused, TooManyExports, ask_for_export, go_on
from decisions.desk.models import Export
from decisions.desk.queries import (
    exports_of,
    items_left_out,
    letters_among,
    revoked_in,
    stands_still,
)
from decisions.letters.downloads import CONSENT_REVOKED, limited_download
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.sessions import asked_by_itself
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.background.jobs import is_worker_away
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.error_pages import too_many_requests
from kapnet.core.web.rate_limits import tell_too_many

TYPES = {Export.Kind.ZIP: "application/zip", Export.Kind.PRINT: "application/pdf"}
ENDINGS = {Export.Kind.ZIP: "zip", Export.Kind.PRINT: "pdf"}
MOST_SHOWN = 50


def _open(request: MemberRequest, export_id: UUID, action: str) -> Export:
    own = exports_of(request.membership.clinic)
    return get_or_404(request, own, action=action, object_type="export", id=export_id)


@require("letter.export")
@require_http_methods(["GET", "POST"])
def exports(request: MemberRequest) -> HttpResponse:
    """The files of the last day; a post asks for one of the letters that were chosen."""
    clinic = request.membership.clinic
    if request.method != "POST":
        shown = {"exports": exports_of(clinic)[:MOST_SHOWN], "no_worker": is_worker_away()}
        return render(request, "desk/exports.html", shown)
    kind = request.POST.get("kind", "")
    kind = kind if kind in Export.Kind.values else Export.Kind.ZIP
    try:
        begun = ask_for_export(
            clinic=clinic, by=request.user, letters=letters_among(_chosen(request)), kind=kind
        )
    except TooManyExports:
        tell_too_many("letters.export")
        return too_many_requests(request)
    except ExportRefused as refused:
        messages.error(request, str(refused))
        return redirect("desk:queue")
    return redirect("desk:export", begun.pk)


def _chosen(request: MemberRequest) -> list[UUID]:
    """The ids that are ids; each once, in the order of the page."""
    found: dict[UUID, None] = {}
    for one in request.POST.getlist("letter"):
        try:
            found[UUID(one)] = None
        except ValueError:
            continue
    return list(found)


@require("letter.export")
@asked_by_itself
@require_GET
def export(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """How far a file is, what it had to leave out, and the link to it."""
    found = _open(request, export_id, "export.read")
    context = {
        "export": found,
        "left_out": items_left_out(found),
        "revoked": revoked_in(found),
        "stands_still": stands_still(found),
        "no_worker": found.state == Export.State.RUNNING and is_worker_away(),
    }
    return render(request, "desk/export.html", context)


@require("letter.export")
@limited_download
@require_GET
def file(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """The file. One that is not there, or that may not be handed out, leads to its page."""
    found = _open(request, export_id, "export.downloaded")
    if found.state != Export.State.DONE:
        return redirect("desk:export", found.pk)
    if revoked_in(found).exists():
        record_refusal(request, "export.downloaded", "export", found.pk, reason=CONSENT_REVOKED)
        return redirect("desk:export", found.pk)
    record_event(
        action="export.downloaded",
        actor=request.user,
        clinic=found.clinic,
        object_type="export",
        object_id=found.pk,
    )
    kind = Export.Kind(found.kind)
    name = f"letters-{found.requested_at:%Y-%m-%d-%H%M}.{ENDINGS[kind]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(bytes(found.file or b""), content_type=TYPES[kind], headers=headers)


@require("letter.export")
@require_POST
def resume(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Let a worker take up a file that makes no progress."""
    found = _open(request, export_id, "export.resumed")
    if stands_still(found):
        go_on(export=found, by=request.user)
        messages.success(request, "It goes on where it stopped.")
    return redirect("desk:export", found.pk)
