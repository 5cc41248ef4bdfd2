"""The plan of days of a case: its page, and its calendar file."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.contradictions import contradictions_beside
from decisions.documents.contradictions.asking import OF_DAYS
from decisions.documents.plan.loading import load_plan_words
from decisions.documents.plan.schedule import PlanAsked
from decisions.plans.actions import PlanChangedError, save_plan, withdraw_plan
from decisions.plans.calendar_file import MEDIA_TYPE, calendar_file
from decisions.plans.forms import PlanForm, VersionForm, initial_of
from decisions.plans.presenters import present_plan
from decisions.plans.queries import LaidOut, plan_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.days import say_moment
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

FILE_NAME = "plan-of-days.ics"


@case_page("case.work", reads="plan.read")
def plan(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Plan the days of a case, and see what speaks about them."""
    laid_out = lay_out_of(file)
    routes = load_plan_words(file.edition.id).routes
    if request.method != "POST":
        asked = laid_out.last_asked if laid_out else PlanAsked()
        version = laid_out.stored.version if laid_out else None
        form = PlanForm(initial=initial_of(asked, version), routes=routes)
        return _page(request, file, laid_out, form)
    form = PlanForm(request.POST, routes=routes)
    if not form.is_valid():
        return _page(request, file, laid_out, form, status=UNPROCESSABLE)
    version = form.cleaned_data["version"]
    try:
        save_plan(case=file.case, actor=request.user, asked=form.asked, version=version)
    except PlanChangedError:
        return _page(request, file, laid_out, form, status=CONFLICT)
    messages.success(request, f"Saved {say_moment(timezone.now())}")
    return redirect("plan:plan", file.case.pk)


@case_page("case.work", only="POST")
def withdraw(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Take the plan of a case back."""
    form = VersionForm(request.POST)
    try:
        withdraw_plan(
            case=file.case,
            actor=request.user,
            version=form.cleaned_data["version"] if form.is_valid() else None,
        )
    except PlanChangedError:
        messages.error(
            request, "Not withdrawn: somebody else has saved this plan since you opened it."
        )
    else:
        messages.success(request, "The plan is withdrawn.")
    return redirect("plan:plan", file.case.pk)


def lay_out_of(file: CaseFile) -> LaidOut | None:
    """The plan of a case with its days; None while there is none."""
    stored = plan_of(file.case)
    return LaidOut(stored, file.edition.id, file.evidence) if stored else None


def _page(
    request: MemberRequest,
    file: CaseFile,
    laid_out: LaidOut | None,
    form: PlanForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "stored": laid_out.stored if laid_out else None,
        "page": present_plan(laid_out) if laid_out and not laid_out.stored.is_withdrawn else None,
        "contradictions": contradictions_beside(file, OF_DAYS),
        "has_gone": bool(laid_out and laid_out.gone),
        "custom": load_plan_words(file.edition.id).custom,
        "has_changed": status == CONFLICT,
    }
    return show(request, file, "plan/plan.html", context, status=status)


@case_page("case.work", only="GET")
def calendar(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The plan as a calendar file; where no day is planned or was planned there is none."""
    laid_out = lay_out_of(file)
    if laid_out is None or not (laid_out.entries or laid_out.gone):
        return redirect("plan:plan", file.case.pk)
    record_read(request, file, "plan.exported")
    content = calendar_file(laid_out, zone=file.case.clinic.zone.key, product=settings.PRODUCT_NAME)
    headers = {
        "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)
