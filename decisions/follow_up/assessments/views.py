"""Entering a form that a patient filled in on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from decisions.cases.case_file import CaseFile, Item9
from decisions.cases.case_page import case_page, show
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.cases.section.controls import (
    Filled,
    Token,
    entered_item9,
    filled_by_answer,
    filled_by_post,
    read_day,
    read_filled,
)
from decisions.cases.section.question_view import QuestionView
from decisions.follow_up.assessments.actions import record_assessment
from decisions.follow_up.assessments.models import Assessment, Instrument
from decisions.follow_up.assessments.queries import same_form
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.instruments import Scores
from decisions.rules.questionnaire.questionnaire import Question
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import UNPROCESSABLE

ALREADY = "This form is kept already. Nothing was added."
NOTHING = "Enter the items, or a total"
NO_DAY = "Enter the day on which the form was filled in"


class PaperView(QuestionView):
    """The controls of a form on paper: what the questionnaire says of it is not shown."""

    tally = None
    not_known = None


@case_page("case.work")
def enter(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Enter the items of a form, or the total of one on paper."""
    question = _question(request, file)
    blank = filled_by_answer(question, None, None)
    if request.method != "POST":
        return _page(request, file, question, blank, "")
    filled = filled_by_post(question, request.POST)
    try:
        scores, day = _read(file, question, filled)
    except AnswerProblem as problem:
        file = _hear_item9(request, file, question, filled)
        return _page(request, file, question, filled, str(problem), status=UNPROCESSABLE)
    if same_form(file.case, question.id, scores, day) is not None:
        messages.info(request, ALREADY)
        return redirect("follow_up:course", file.case.pk)
    source = Assessment.Source
    row = record_assessment(
        case=file.case,
        instrument=question.id,
        scores=scores,
        taken_on=day,
        source=source.PAPER_TOTAL if scores.items is None else source.CLINICIAN,
        actor=request.user,
    )
    messages.success(request, _said(row))
    return redirect("follow_up:course", file.case.pk)


def _said(row: Assessment) -> str:
    if row.total is None:
        return "Saved without a total: not every item is answered."
    said = f"Saved: {row.get_instrument_display()} {row.total}."
    no_item9 = row.instrument == Instrument.PHQ9 and row.item9 is None
    return f"{said} Item 9 is not available: ask directly." if no_item9 else said


def _question(request: MemberRequest, file: CaseFile) -> Question:
    name = request.GET.get("instrument", Instrument.PHQ9)
    if name not in Instrument.values:
        raise Http404
    return file.edition.questionnaire.question(name)


def _read(file: CaseFile, question: Question, filled: Filled) -> tuple[Scores, date]:
    """The scores and the day of the form. Raises AnswerProblem with the sentence of the field."""
    raw = read_filled(question, filled)
    scores = read_answer(question, raw) if raw is not None else None
    if not isinstance(scores, Scores) or not scores.says_something:
        raise AnswerProblem(NOTHING)
    day = read_day(filled, today=timezone.localdate(), born=file.case.date_of_birth)
    if day is None:
        raise AnswerProblem(NO_DAY)
    return scores, day


def _hear_item9(
    request: MemberRequest, file: CaseFile, question: Question, filled: Filled
) -> CaseFile:
    """A positive item 9 is heard although the form cannot be saved as it was entered."""
    points = entered_item9(question, filled)
    if points is None or points < POSITIVE_ITEM9:
        return file
    item9 = Item9(points, timezone.localdate())
    open_task = raise_safety_task(case=file.case, item9=item9, actor=request.user)
    return replace(file, open_task=open_task)


def _page(
    request: MemberRequest,
    file: CaseFile,
    question: Question,
    filled: Filled,
    problem: str,
    *,
    status: int = 200,
) -> HttpResponse:
    view = PaperView(question, file, filled, Token(), row=None, problem=problem)
    context = {
        "view": view,
        "question": question,
        "others": [one for one in Instrument if one.value != question.id],
        "today": timezone.localdate(),
    }
    return show(request, file, "follow_up/enter.html", context, status=status)
