"""Closing, reopening, handing over and copying a case."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import frame, open_file, record_read
from decisions.life.actions import (
    CaseOpenError,
    NoColleagueError,
    SafetyTaskOpenError,
    close_case,
    copy_case,
    hand_over,
    note_handover_seen,
    reopen_case,
)
from decisions.life.forms import CloseForm, HandOverForm, NoteForm
from decisions.life.presenters import present_copied, present_taken_over
from decisions.life.queries import colleagues_for, is_to_be_seen
from decisions.patient.actions import may_correct
from kapnet.core.accounts.policies import require
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest

CONFLICT, UNPROCESSABLE = 409, 422
NO_COLLEAGUE = "This person is no therapist of the clinic any more. Choose another."
SAFETY_OPEN = "The case was not closed: its safety task is open. Close that first."


@require("case.work")
@require_http_methods(["GET", "POST"])
def close(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Close a case with a reason."""
    file = open_file(request, case_id)
    form = CloseForm(request.POST or None)
    if request.method != "POST":
        return _page(request, file, "close", form)
    _check_is_theirs(request, file, "case.close")
    if not form.is_valid():
        return _page(request, file, "close", form, status=UNPROCESSABLE)
    try:
        close_case(case=file.case, actor=request.user, **form.cleaned_data)
    except SafetyTaskOpenError:
        form.add_error(None, SAFETY_OPEN)
        return _page(request, file, "close", form, status=CONFLICT)
    messages.success(request, "Closed. You can read it and reopen it at any time.")
    return redirect("cases:case", case_id)


@require("case.work")
@require_http_methods(["GET", "POST"])
def reopen(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Open a closed case again."""
    file = open_file(request, case_id, even_closed=True)
    form = NoteForm(request.POST or None)
    if request.method != "POST":
        return _page(request, file, "reopen", form)
    if not form.is_valid():
        return _page(request, file, "reopen", form, status=UNPROCESSABLE)
    try:
        reopen_case(case=file.case, actor=request.user, note=form.cleaned_data["note"])
    except CaseOpenError:
        messages.info(request, "The case is open already.")
    else:
        messages.success(request, "Reopened.")
    return redirect("cases:case", case_id)


@require("case.work")
@require_http_methods(["GET", "POST"])
def hand(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Hand a case over to a colleague."""
    file = open_file(request, case_id)
    form = HandOverForm(request.POST or None, case=file.case)
    if request.method != "POST":
        return _page(request, file, "hand", form)
    _check_is_theirs(request, file, "case.hand_over")
    if not form.is_valid():
        return _page(request, file, "hand", form, status=UNPROCESSABLE)
    try:
        hand_over(case=file.case, actor=request.user, **form.cleaned_data)
    except NoColleagueError:
        form.add_error("to", NO_COLLEAGUE)
        return _page(request, file, "hand", form, status=CONFLICT)
    messages.success(request, f"Handed over to {form.cleaned_data['to']}.")
    return redirect("cases:list")


@require("case.work")
@require_POST
def seen(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """The new therapist has seen the handover."""
    file = open_file(request, case_id, even_closed=True)
    if is_to_be_seen(file.case, request.user):
        note_handover_seen(case=file.case, actor=request.user)
    return redirect("cases:case", case_id)


@require("case.work")
@require_http_methods(["GET", "POST"])
def copy(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Begin a new episode of the same patient."""
    file = open_file(request, case_id, even_closed=True)
    if request.method != "POST":
        return _page(request, file, "copy", NoteForm())
    new = copy_case(case=file.case, actor=request.user)
    messages.success(request, "A new episode. Both cases name each other.")
    return redirect("cases:case", new.pk)


def _check_is_theirs(request: MemberRequest, file: CaseFile, action: str) -> None:
    if not may_correct(file.case, request.user):
        record_refusal(request, action, "case", file.case.pk)
        raise PermissionDenied


def _page(
    request: MemberRequest, file: CaseFile, page: str, form: Form, *, status: int = 200
) -> HttpResponse:
    record_read(request, file)
    context = {
        **frame(file),
        "form": form,
        "may_change": may_correct(file.case, request.user),
        "has_colleagues": page == "hand" and colleagues_for(file.case).exists(),
        "copied": present_copied(file) if page == "copy" else (),
        "taken_over": present_taken_over(file.case) if page == "copy" else (),
    }
    return render(request, f"life/{page}.html", context, status=status)
