"""The course of a case: what was given, what came of it, and what is written down about both."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.documents.words.outcome_words import outcome_words
from decisions.documents.words.reading import lists_of
from decisions.follow_up.courses.actions import (
    CourseChangedError,
    CourseRunningError,
    EndedAlreadyError,
    add_course,
    end_follow_up,
    note_event,
    save_course,
)
from decisions.follow_up.courses.drawing import draw
from decisions.follow_up.courses.earlier import earlier_scores
from decisions.follow_up.courses.forms import CourseForm, EndForm, EventForm
from decisions.follow_up.courses.models import Course
from decisions.follow_up.courses.presenters import present_course_page, say_given
from decisions.follow_up.courses.queries import (
    courses_of,
    decisions_by_number,
    due_forms_of,
    end_of,
    record_of,
)
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

PAGE = "follow_up:course"
RUNNING = "A course of this kind is under way already. Say how that one ended first."
ENDED = "The follow-up of this patient has ended already."


@case_page("case.work", only="GET", reads="course.read")
def course(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What was led to, chosen and given, and what came of it: in words, drawn, and as a table."""
    today = timezone.localdate()
    record = record_of(file.case, today=today)
    decisions = decisions_by_number(file.case)
    earlier = earlier_scores(file.case)
    context = {
        "page": present_course_page(record, decisions, kinds_of(file)),
        "picture": draw(record.forms, record.courses, earlier, today=today),
        "forms": tuple(reversed(record.forms)),
        "earlier": sorted(earlier, reverse=True),
        "due": due_forms_of(file.case),
        "end": record.end,
        "definitions": outcome_words().definitions,
        "version": outcome_words().version,
    }
    return show(request, file, "follow_up/course.html", context)


@case_page("case.work")
def add(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Write down a course."""
    if request.method != "POST":
        newest = decisions_by_number(file.case)[-1:]
        initial = {"decision": newest[0].pk if newest else None, "version": 0}
        return _course_page(request, file, CourseForm(initial=initial, case=file.case))
    form = CourseForm(request.POST, case=file.case)
    if not form.is_valid():
        return _course_page(request, file, form, status=UNPROCESSABLE)
    try:
        add_course(case=file.case, actor=request.user, values=form.values)
    except CourseRunningError:
        form.add_error("state", RUNNING)
        return _course_page(request, file, form, status=UNPROCESSABLE)
    messages.success(request, "Saved.")
    return redirect(PAGE, file.case.pk)


@case_page("case.work", reads="course.read")
def change(request: MemberRequest, file: CaseFile, course_id: UUID) -> HttpResponse:
    """Say how a course went on: its sessions, its end. Nothing of a colleague is written over."""
    stored = _course(request, file, course_id)
    if request.method != "POST":
        initial = {"version": stored.version}
        form = CourseForm(instance=stored, initial=initial, case=file.case)
        return _course_page(request, file, form, stored)
    form = CourseForm(request.POST, instance=stored, case=file.case)
    if not form.is_valid():
        return _course_page(request, file, form, stored, status=UNPROCESSABLE)
    try:
        version = form.cleaned_data["version"] or 0
        save_course(course=stored, actor=request.user, version=version, values=form.values)
    except CourseRunningError:
        form.add_error("state", RUNNING)
        return _course_page(request, file, form, stored, status=UNPROCESSABLE)
    except CourseChangedError as conflict:
        return _course_page(request, file, form, conflict.theirs, status=CONFLICT)
    messages.success(request, "Saved.")
    return redirect(PAGE, file.case.pk)


@case_page("case.work")
def event(request: MemberRequest, file: CaseFile, course_id: UUID) -> HttpResponse:
    """Note what went wrong during or after a course."""
    stored = _course(request, file, course_id)
    form = EventForm(request.POST or None, case=file.case, kinds=kinds_of(file))
    if request.method == "POST" and form.is_valid():
        note_event(course=stored, actor=request.user, values=form.cleaned_data)
        messages.success(request, "Noted.")
        return redirect(PAGE, file.case.pk)
    context = {"form": form, "course": stored, "given": say_given(stored)}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return show(request, file, "follow_up/event.html", context, status=status)


@case_page("case.work")
def end(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """End the follow-up of a patient: nobody is asked or reminded from then on."""
    form = EndForm(request.POST or None, case=file.case)
    status = UNPROCESSABLE if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            end_follow_up(case=file.case, actor=request.user, values=form.cleaned_data)
        except EndedAlreadyError:
            form.add_error(None, ENDED)
            status = CONFLICT
        else:
            messages.success(request, "This patient is no longer asked.")
            return redirect(PAGE, file.case.pk)
    context = {"form": form, "end": end_of(file.case)}
    return show(request, file, "follow_up/end.html", context, status=status)


def kinds_of(file: CaseFile) -> dict[str, str]:
    """How adverse events are called in the edition of a case."""
    own = lists_of(file.edition.id, own=True).get("events")
    return own or lists_of(file.edition.id, own=False)["events"]


def _course(request: MemberRequest, file: CaseFile, course_id: UUID) -> Course:
    courses = courses_of(file.case)
    return get_or_404(request, courses, action="course.read", object_type="course", pk=course_id)


def _course_page(
    request: MemberRequest,
    file: CaseFile,
    form: CourseForm,
    stored: Course | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "course": stored, "has_changed": status == CONFLICT}
    if stored is not None and status == CONFLICT:
        context["given"] = say_given(stored)
    return show(request, file, "follow_up/course_form.html", context, status=status)
