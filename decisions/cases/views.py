"""New case, check answers, safety task."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.cases.actions import open_case, opened_by
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, open_file, record_listed, record_read, show
from decisions.cases.forms import NewCaseForm, SafetyForm
from decisions.cases.models import Case
from decisions.cases.patients import possible_duplicates
from decisions.cases.presenters import present_check
from decisions.cases.queries import closed_tasks_of, open_task_of
from decisions.cases.safety.tasks import (
    SafetyTaskClosedError,
    SafetyTaskRaisedError,
    close_safety_task,
)
from decisions.cases.told import stated_facts_of
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.once import posted_once
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

_FIRST_PAGE = {False: "cases:path", True: "cases:several"}
"""Where a new case begins, by whether its form came from a page without JavaScript."""
CLOSED = "The safety task is closed."


@require("case.work")
@require_http_methods(["GET", "POST"])
def new_case(request: MemberRequest) -> HttpResponse:
    """Begin a case."""
    form = NewCaseForm(request.POST if request.method == "POST" else None)
    alike: list[Case] = []
    if request.method == "POST" and form.is_valid():
        clinic, once = request.membership.clinic, posted_once(request)
        opened = opened_by(clinic, once, form.details)
        if not opened and not form.cleaned_data["another_patient"]:
            alike = possible_duplicates(clinic, form.details)
        if not alike:
            case = opened or open_case(
                clinic=clinic, therapist=request.user, once=once, **form.details._asdict()
            )
            return redirect(_FIRST_PAGE["several" in request.POST], case.pk)
        record_listed(request)
    status = CONFLICT if alike else UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "alike": alike}
    return render(request, "decisions/new_case.html", context, status=status)


@case_page("case.work", only="GET", reads="case.read")
def check(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """All answers; change one and come back here."""
    context = {"page": present_check(file)}
    return show(request, file, "decisions/check.html", context)


@case_page("case.work", even_closed=True)
def safety(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The safety task: close it with a documented assessment."""
    if request.method == "POST":
        return _close_task(request, file)
    return _safety_page(request, file, _safety_form(file))


def _safety_form(file: CaseFile, typed: QueryDict | None = None) -> SafetyForm:
    """The form for the task as it is now. typed: words to keep for another look."""
    shown = {"item9": file.open_task.highest.points} if file.open_task else {}
    if typed is None:
        said = stated_facts_of(file.case)
        return SafetyForm(initial={**shown, **said})
    return SafetyForm({**typed.dict(), **shown})


def _close_task(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Close the task. Whatever others did to it meanwhile, the words are kept on the page."""
    form = SafetyForm(request.POST)
    if not form.is_valid():
        return _safety_page(request, file, form, status=UNPROCESSABLE)
    try:
        close_safety_task(case=file.case, actor=request.user, **form.closing)
    except SafetyTaskClosedError:
        return _safety_page(request, file, form, status=CONFLICT, meanwhile="closed")
    except SafetyTaskRaisedError:
        file = open_file(request, file.case.pk, even_closed=True)
        form = _safety_form(file, request.POST)
        return _safety_page(request, file, form, status=CONFLICT, meanwhile="raised")
    messages.success(request, CLOSED)
    return redirect("cases:decision", file.case.pk)


def _safety_page(
    request: MemberRequest,
    file: CaseFile,
    form: SafetyForm,
    *,
    status: int = 200,
    meanwhile: str = "",
) -> HttpResponse:
    """meanwhile: what somebody else did to the task, "closed" or "raised"."""
    record_read(request, file)
    context = {
        "form": form,
        "meanwhile": meanwhile,
        "task": open_task_of(file.case),
        "closed_tasks": closed_tasks_of(file.case),
    }
    return show(request, file, "decisions/safety.html", context, status=status)
