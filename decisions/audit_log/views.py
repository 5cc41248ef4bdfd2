"""The clinic's audit log: read, filtered, and as a file. For managers only."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from decisions.audit_log.exporting import FORMATS, rows
from decisions.audit_log.forms import AuditLogForm
from decisions.audit_log.presenters import present_audit_log
from decisions.audit_log.queries import actions_of, events_of
from decisions.cases.finding.kept_search import KeptSearch
from kapnet.core.accounts.policies import require
from kapnet.core.audit.actions import record_event
from kapnet.core.people.queries import people_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.standby import may_read_standby
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import UNPROCESSABLE

EVENTS_A_PAGE = 50


TRAIL_SEARCH = KeptSearch(
    "trail_words", "trail:trail", ("person", "action", "since", "until", "case")
)
"""The reference of a patient stays out of every address."""


def _form(request: MemberRequest) -> AuditLogForm:
    clinic = request.membership.clinic
    asked = request.GET.copy()
    asked["q"] = TRAIL_SEARCH.words(request)
    return AuditLogForm(asked, people=list(people_of(clinic)), actions=actions_of(clinic))


@require("audit.read")
@require_http_methods(["GET", "POST"])
@may_read_standby
def audit_log(request: MemberRequest) -> HttpResponse:
    """Who did what in this clinic, newest first. A mistake in a filter shows no event at all."""
    if request.method == "POST":
        return redirect(TRAIL_SEARCH.address(request))
    form = _form(request)
    context = {"form": form, "time_zone": request.membership.clinic.zone.key, "formats": FORMATS}
    if not form.is_valid():
        return render(request, "trail/trail.html", context, status=UNPROCESSABLE)
    clinic = request.membership.clinic
    found = events_of(clinic, form.filters())
    page = Paginator(found, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    for name in ("page", "q"):
        asked.pop(name, None)
    context |= present_audit_log(page, asked=asked)
    shown = render(request, "trail/trail.html", context)
    # After it, so that the page does not begin with the event of itself.
    record_event(action="trail.read", actor=request.user, clinic=clinic, object_type="trail")
    return shown


@require("audit.read")
@limited("trail.export")
@require_GET
def export(request: MemberRequest, ending: str) -> HttpResponseBase:
    """The events that the filters leave, as a file. Its own event is not in it."""
    form, clinic = _form(request), request.membership.clinic
    if not form.is_valid():
        return redirect(f"{reverse('trail:trail')}?{request.GET.urlencode()}")
    now = timezone.now()
    found = events_of(clinic, form.filters()).filter(at__lt=now)
    record_event(
        action="trail.exported",
        actor=request.user,
        clinic=clinic,
        object_type="trail",
        reason=ending,
    )
    content_type, write = FORMATS[ending]
    name = f"audit-log-{timezone.localtime(now):%Y-%m-%d-%H%M}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        write(rows(clinic, found)), content_type=content_type, headers=headers
    )
