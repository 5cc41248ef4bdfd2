"""What a clinic's courses came to: asked for, shown as it was counted, and as rows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from decisions.follow_up.cohorts.exporting import as_csv
from decisions.follow_up.cohorts.forms import PeriodForm, WhyForm
from decisions.follow_up.cohorts.making import Period, make_report
from decisions.follow_up.cohorts.models import CohortReport
from decisions.follow_up.cohorts.queries import reports_of
from decisions.rules.outcomes.cohort import Row
from kapnet.core.accounts.policies import may, require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import UNPROCESSABLE

DAYS_THAT_ARE_OVER = timedelta(days=99)
"""Of somebody who began so long ago, day 84 is over: fewer numbers are small and not shown."""
MOST_SHOWN = 100
"""Of the reports that were made before, the newest."""
NO_STORE = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}


@require("outcomes.read")
@require_http_methods(["GET", "POST"])
def outcomes(request: MemberRequest) -> HttpResponse:
    """Reports that were made, and the form for another one."""
    clinic = request.membership.clinic
    if request.method == "POST":
        form = PeriodForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            report = make_report(
                clinic=clinic,
                option=said["option"],
                period=Period(said["first"], said["last"]),
                actor=request.user,
            )
            return redirect("follow_up:report", report.pk)
    else:
        last = timezone.localdate() - DAYS_THAT_ARE_OVER
        form = PeriodForm(initial={"first": date(last.year - 1, 1, 1), "last": last})
    context = {"form": form, "reports": reports_of(clinic)[:MOST_SHOWN]}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "follow_up/outcomes.html", context, status=status)


@require("outcomes.read")
@require_GET
def report(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """A report as it was counted."""
    stored = _report(request, report_id)
    _record(request, stored, "outcomes.read")
    context = {
        "report": stored,
        "document": json.loads(stored.document),
        "may_export": may(request.role, "outcomes.export"),
    }
    return render(request, "follow_up/report.html", context)


@require("outcomes.read")
@require_GET
def document(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """The bytes of a report, of which its hash is."""
    stored = _report(request, report_id)
    _record(request, stored, "outcomes.read")
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{stored.pk}.json"'}
    return HttpResponse(stored.document, content_type="application/json", headers=headers)


@require("outcomes.export")
@require_http_methods(["GET", "POST"])
def rows(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """The rows that were counted, for a reason."""
    stored = _report(request, report_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _record(request, stored, "outcomes.exported", reason=form.cleaned_data["because"])
        content = as_csv(Row.model_validate(one) for one in stored.rows)
        headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{stored.pk}.csv"'}
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"form": form, "report": stored}
    return render(request, "follow_up/rows.html", context, status=status)


def _report(request: MemberRequest, report_id: UUID) -> CohortReport:
    reports = reports_of(request.membership.clinic)
    return get_or_404(
        request, reports, action="outcomes.read", object_type="outcomes", pk=report_id
    )


def _record(request: MemberRequest, stored: CohortReport, action: str, reason: str = "") -> None:
    record_event(
        action=action,
        actor=request.user,
        clinic=stored.clinic,
        object_type="outcomes",
        object_id=stored.pk,
        reason=reason,
    )
