"""Closing, reopening, handing over and copying a case."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, refuse_closed, show
from decisions.life.actions import (
    CaseOpenError,
    HandoverSeenError,
    NoColleagueError,
    SafetyTaskOpenError,
    close_case,
    copy_case,
    hand_over,
    note_handover_seen,
    reopen_case,
    take_handover_back,
)
from decisions.life.forms import CloseForm, HandOverForm, NoteForm
from decisions.life.models import LifeStep
from decisions.life.presenters import present_copied, present_taken_over
from decisions.life.queries import colleagues_for, copies_of, is_to_be_seen, was_done_just_now
from decisions.life.still_open import still_open
from decisions.patient.actions import NotTheirTherapistError, may_correct
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.once import posted_once
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

CHANGED_MEANWHILE = (CaseClosedError, NotTheirTherapistError)
"""Another request closed the case or handed it over after this one read it: it is read again."""
SEEN_BY_NOW = "Your colleague has seen it by now. Ask them to hand it back."
NO_COLLEAGUE = "This person is no longer a therapist of the clinic. Choose another."
SAFETY_OPEN = "The case was not closed: its safety task is open. Close that first."


@case_page("case.work", even_closed=True)
def close(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Close a case with a reason. The same sent twice closes it once."""
    form = CloseForm(request.POST or None)
    if request.method != "POST":
        return _page(request, file, "close", form)
    _check_is_theirs(request, file, "case.close")
    if not form.is_valid():
        return _page(request, file, "close", form, status=UNPROCESSABLE)
    said = {"kind": LifeStep.Kind.CLOSED, **form.cleaned_data}
    if file.case.closed_at and was_done_just_now(file.case, request.user, **said):
        return redirect("cases:case", file.case.pk)
    refuse_closed(request, file.case)
    try:
        close_case(case=file.case, actor=request.user, **form.cleaned_data)
    except CHANGED_MEANWHILE:
        return close(request, file.case.pk)
    except SafetyTaskOpenError:
        form.add_error(None, SAFETY_OPEN)
        return _page(request, file, "close", form, status=CONFLICT)
    messages.success(request, "Closed. You can read it and reopen it at any time.")
    return redirect("cases:case", file.case.pk)


@case_page("case.work", even_closed=True)
def reopen(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Open a closed case again."""
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
    return redirect("cases:case", file.case.pk)


@case_page("case.work")
def hand(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Hand a case over to a colleague."""
    form = HandOverForm(request.POST or None, case=file.case)
    if request.method != "POST":
        return _page(request, file, "hand", form)
    if _was_handed_over(request, file):
        return redirect("cases:list")
    _check_is_theirs(request, file, "case.hand_over")
    if not form.is_valid():
        return _page(request, file, "hand", form, status=UNPROCESSABLE)
    try:
        hand_over(case=file.case, actor=request.user, **form.cleaned_data)
    except CHANGED_MEANWHILE:
        return hand(request, file.case.pk)
    except NoColleagueError:
        form.add_error("to", NO_COLLEAGUE)
        return _page(request, file, "hand", form, status=CONFLICT)
    messages.success(request, f"Handed over to {form.cleaned_data['to']}.")
    return redirect("cases:list")


@case_page("case.work", only="POST", even_closed=True)
def seen(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The new therapist has seen the handover."""
    if is_to_be_seen(file.case, request.user):
        note_handover_seen(case=file.case, actor=request.user)
    return redirect("cases:case", file.case.pk)


@case_page("case.work", only="POST")
def take_back(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Have a case again that went to the wrong colleague, who has not seen it."""
    if file.case.therapist_id == request.user.pk:
        return redirect("cases:list")  # sent twice
    try:
        take_handover_back(case=file.case, actor=request.user)
    except HandoverSeenError:
        record_refusal(request, "case.hand_over", "case", file.case.pk, reason="seen")
        messages.error(request, SEEN_BY_NOW)
    else:
        messages.success(request, "Taken back. The case is yours.")
    return redirect("cases:list")


@case_page("case.work", even_closed=True)
def copy(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Begin a new episode of the same patient."""
    if request.method != "POST":
        return _page(request, file, "copy", NoteForm())
    new = copy_case(case=file.case, actor=request.user, once=posted_once(request))
    messages.success(request, "A new episode. Both cases name each other.")
    return redirect("cases:case", new.pk)


def _was_handed_over(request: MemberRequest, file: CaseFile) -> bool:
    """Whether this form was sent just now, too: the case is no longer theirs by it."""
    note, to = NoteForm(request.POST), file.case.therapist_id
    if request.POST.get("to") != str(to) or not note.is_valid():
        return False
    said = {"kind": LifeStep.Kind.HANDED_OVER, "to_therapist_id": to, **note.cleaned_data}
    return was_done_just_now(file.case, request.user, **said)


def _check_is_theirs(request: MemberRequest, file: CaseFile, action: str) -> None:
    if not may_correct(file.case, request.user):
        record_refusal(request, action, "case", file.case.pk)
        raise PermissionDenied


def _page(
    request: MemberRequest, file: CaseFile, page: str, form: Form, *, status: int = 200
) -> HttpResponse:
    record_read(request, file)
    context = {
        "form": form,
        "may_change": may_correct(file.case, request.user),
        "has_colleagues": page == "hand" and colleagues_for(file.case).exists(),
        "still_open": still_open(file.case) if page in ("close", "hand") else (),
        "copies": copies_of(file.case) if page in ("copy", "reopen") else (),
        "copied": present_copied(file) if page == "copy" else (),
        "taken_over": present_taken_over(file.case) if page == "copy" else (),
    }
    return show(request, file, f"life/{page}.html", context, status=status)
