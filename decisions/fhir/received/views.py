"""The page of a case that shows what other systems say, with a box for each answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.actions import AnswerConflictError
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.fhir.received.models import ProposedAnswer
from decisions.fhir.received.proposing import (
    DecidedAlreadyError,
    TwoForOneQuestionError,
    decided_in,
    may_be_taken,
    open_in,
    present_proposed,
    refuse,
    take_over,
)
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

NOTHING_TICKED = "Tick what you take over, or what you refuse."
TWO_FOR_ONE = "Tick one answer to a question."
NO_ANSWER = "What you ticked can mean more than one answer: answer the question yourself."


@case_page("case.work", reads="case.read")
def said_elsewhere(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What other systems say; a post takes over, or refuses, what is ticked."""
    if request.method != "POST":
        return _page(request, file)
    ticked = _ticked(request, file)
    try:
        if not ticked:
            return _page(request, file, problem=NOTHING_TICKED, status=UNPROCESSABLE)
        if "same" in request.POST:
            _put_away(request, file, ticked)
        elif "refuse" in request.POST:
            refuse(case=file.case, proposed=ticked, actor=request.user)
            messages.success(request, f"Refused: {len(ticked)}. They stay below.")
        elif not all(may_be_taken(file, one) for one in ticked):
            return _page(request, file, problem=NO_ANSWER, status=UNPROCESSABLE)
        else:
            versions = {one.pk: _version(request, one) for one in ticked}
            take_over(case=file.case, proposed=ticked, actor=request.user, versions=versions)
            messages.success(request, f"Taken over: {len(ticked)}. They are your answers now.")
    except TwoForOneQuestionError:
        return _page(request, file, problem=TWO_FOR_ONE, status=UNPROCESSABLE)
    except (DecidedAlreadyError, AnswerConflictError):
        return _page(request, file, has_changed=True, status=CONFLICT)
    return redirect("received:said", file.case.pk)


def _put_away(request: MemberRequest, file: CaseFile, shown: list[ProposedAnswer]) -> None:
    """Refuse what the case says itself, which changes nothing. Raises DecidedAlreadyError where an
    answer differs by now."""
    now = present_proposed(file, open_in(file.case))
    same = {one.proposed.pk for one in now if one.is_said_already}
    if not same.issuperset(one.pk for one in shown):
        raise DecidedAlreadyError
    refuse(case=file.case, proposed=shown, actor=request.user)
    messages.success(request, f"Put away: {len(shown)}. The answers of the case stay as they are.")


def _ticked(request: MemberRequest, file: CaseFile) -> list[ProposedAnswer]:
    """The proposals of this case whose box is ticked, decided meanwhile or not."""
    keys = [one for one in request.POST.getlist("said") if one.isascii() and one.isdecimal()]
    mine = ProposedAnswer.objects.filter(case=file.case, pk__in=[one[:18] for one in keys])
    return list(mine.select_related("received"))


def _version(request: MemberRequest, one: ProposedAnswer) -> int:
    """Of the answer that was beside it; one that no answer has, where the page did not say."""
    text = request.POST.get(f"version.{one.pk}", "")
    return int(text[:9]) if text.isascii() and text.isdecimal() else -1


def _page(
    request: MemberRequest,
    file: CaseFile,
    *,
    problem: str = "",
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    said = list(present_proposed(file, open_in(file.case)))
    context = {
        "said": [one for one in said if not one.is_said_already],
        "same": [one for one in said if one.is_said_already],
        "decided": list(present_proposed(file, decided_in(file.case))),
        "ticked": [] if has_changed else request.POST.getlist("said"),
        "problem": problem,
        "has_changed": has_changed,
    }
    return show(request, file, "received/said.html", context, status=status)
