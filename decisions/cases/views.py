"""New case, task list, check answers, safety task."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from decisions.cases.actions import open_case
from decisions.cases.case_columns import CaseClosedError
from decisions.cases.case_file import CaseFile
from decisions.cases.decision.changed_since import since_last_decision
from decisions.cases.decision.withdrawn import withdrawn_since
from decisions.cases.forms import NewCaseForm, SafetyForm
from decisions.cases.models import Case
from decisions.cases.page_frame import act_first, case_line
from decisions.cases.patients import possible_duplicates
from decisions.cases.presenters import present_case, present_check
from decisions.cases.queries import (
    cases_with_context,
    closed_tasks_of,
    decisions_of,
    file_of,
    open_task_of,
)
from decisions.cases.safety.tasks import (
    SafetyTaskClosedError,
    SafetyTaskRaisedError,
    close_safety_task,
)
from decisions.cases.so_far import so_far
from decisions.documents.words.reading import result_words
from decisions.emergency.queries import accesses_of
from decisions.life.presenters import present_life
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.people.requests import MemberRequest

CONFLICT, UNPROCESSABLE = 409, 422


def open_file(request: HttpRequest, case_id: UUID, *, even_closed: bool = False) -> CaseFile:
    """The case of this address: two queries. Another clinic's is 404 and an audit event.

    even_closed: for what may be written to a closed case, too. Anything else that is posted to one
    is refused: raises CaseClosedError, which the middleware of life answers.
    """
    case = get_or_404(
        request, cases_with_context(), action="case.read", object_type="case", id=case_id
    )
    if request.method == "POST" and case.closed_at and not even_closed:
        record_refusal(request, "case.change", "case", case_id, reason="closed")
        raise CaseClosedError
    return file_of(case)


def record_read(request: MemberRequest, file: CaseFile, action: str = "case.read") -> None:
    """One audit event for a page of a case."""
    record_event(
        action=action,
        actor=request.user,
        clinic=file.case.clinic,
        object_type="case",
        object_id=file.case.pk,
        case_id=file.case.pk,
    )


def record_listed(request: MemberRequest) -> None:
    """One audit event for names of cases that are shown without opening one."""
    record_event(
        action="case.listed",
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="case",
    )


def frame(file: CaseFile) -> dict[str, object]:
    """What the template of every page of a case shows around its content, without a query."""
    return {
        "case": file.case,
        "case_line": case_line(file),
        "act_first": act_first(file),
        "edition_id": file.edition.id,
        "edition_words": result_words(file.edition.id),
        "evidence_release": file.evidence.release,
    }


@require("case.work")
@require_http_methods(["GET", "POST"])
def new_case(request: MemberRequest) -> HttpResponse:
    """Begin a case."""
    form = NewCaseForm(request.POST if request.method == "POST" else None)
    alike: list[Case] = []
    if request.method == "POST" and form.is_valid():
        clinic = request.membership.clinic
        if not form.cleaned_data["another_patient"]:
            alike = possible_duplicates(clinic, form.details)
        if not alike:
            case = open_case(clinic=clinic, therapist=request.user, **form.details._asdict())
            return redirect("cases:case", case.pk)
        record_listed(request)
    status = CONFLICT if alike else UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "alike": alike}
    return render(request, "decisions/new_case.html", context, status=status)


@require("case.work")
@require_GET
def case(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """The task list of a case."""
    file = open_file(request, case_id)
    record_read(request, file)
    recorded = list(decisions_of(file.case))
    context = {
        **frame(file),
        **since_last_decision(file, recorded),
        "page": present_case(file),
        "so_far": so_far(file),
        "decisions": recorded,
        "withdrawn": withdrawn_since(recorded[:1], file.evidence),
        "was_opened_in_emergency": accesses_of(file.case).exists(),
        "life": present_life(file.case, request.user),
    }
    return render(request, "decisions/case.html", context)


@require("case.work")
@require_GET
def check(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """All answers; change one and come back here."""
    file = open_file(request, case_id)
    record_read(request, file)
    context = {**frame(file), "page": present_check(file)}
    return render(request, "decisions/check.html", context)


@require("case.work")
@require_http_methods(["GET", "POST"])
def safety(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """The safety task: close it with a documented assessment."""
    file = open_file(request, case_id, even_closed=True)
    if request.method == "POST":
        return _close_task(request, file)
    return _safety_page(request, file, _safety_form(file))


def _safety_form(file: CaseFile, typed: QueryDict | None = None) -> SafetyForm:
    """The form for the task as it is now. typed: words to keep for another look."""
    shown = {"item9": file.open_task.highest.points} if file.open_task else {}
    if typed is None:
        return SafetyForm(initial=shown)
    return SafetyForm({**typed.dict(), **shown})


def _close_task(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Close the task. Whatever others did to it meanwhile, the words are kept on the page."""
    form = SafetyForm(request.POST)
    if not form.is_valid():
        return _safety_page(request, file, form, status=UNPROCESSABLE)
    try:
        close_safety_task(case=file.case, actor=request.user, **form.cleaned_data)
    except SafetyTaskClosedError:
        return _safety_page(request, file, form, status=CONFLICT, meanwhile="closed")
    except SafetyTaskRaisedError:
        file = open_file(request, file.case.pk, even_closed=True)
        form = _safety_form(file, request.POST)
        return _safety_page(request, file, form, status=CONFLICT, meanwhile="raised")
    return redirect("cases:safety", file.case.pk)


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
        **frame(file),
        "form": form,
        "meanwhile": meanwhile,
        "task": open_task_of(file.case),
        "closed_tasks": closed_tasks_of(file.case),
    }
    return render(request, "decisions/safety.html", context, status=status)
