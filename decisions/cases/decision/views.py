"""The decision page: what the rules say now, recording a decision, and decisions as recorded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from decisions.cases.actions import AnswersChangedError, record_decision
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.decision.changed_since import changes_since
from decisions.cases.decision.cited import Cited
from decisions.cases.decision.ended import with_ended_said
from decisions.cases.decision.layers import Layer, open_layers, open_source
from decisions.cases.decision.letter_ahead import leavable, needed_for_a_letter
from decisions.cases.decision.of_case import context_of, what_follows
from decisions.cases.decision.presenters import DecisionPage, present_decision
from decisions.cases.decision.questioned import Questioned
from decisions.cases.decision.sensitivity import (
    ChangesOfOption,
    RobustnessView,
    present_changes,
    present_recorded_robustness,
)
from decisions.cases.decision.typed import keep_typed, take_typed
from decisions.cases.decision.withdrawn_evidence import withdrawn_since
from decisions.cases.decision.would_change import WouldChange, present_would_change
from decisions.cases.edition.presenters import judged_view
from decisions.cases.edition.releases import stricter_judgment
from decisions.cases.forms import DecisionForm
from decisions.cases.models import Decision
from decisions.cases.page_frame import case_title, recorded_line, recorded_preference
from decisions.cases.path.leaving import leave_open
from decisions.cases.queries import decisions_of, decisions_to_list
from decisions.cases.told import letter_of
from decisions.documents.words.reading import result_words
from decisions.phrases.queries import with_phrase
from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import load_edition
from evidence.ending import Endings
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE


@case_page("case.work", reads="case.read")
def decision(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What speaks for and against each option now; a post records the clinician's decision."""
    if request.method == "POST":
        return _record(request, file)
    if typed := take_typed(request, file):
        return _page(request, file, DecisionForm(initial=typed))
    return _page(request, file)


def _record(request: MemberRequest, file: CaseFile) -> HttpResponse:
    if "leave" in request.POST:
        return _leave(request, file)
    if "phrase" in request.POST:
        record_read(request, file)
        typed = with_phrase(request.POST, request.user)
        return _page(request, file, DecisionForm(initial=typed.dict()))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        record_read(request, file)
        return _page(request, file, form, status=UNPROCESSABLE)
    try:
        recorded = record_decision(case=file.case, actor=request.user, **form.cleaned_data)
    except AnswersChangedError:
        record_read(request, file)
        return _page(request, file, _with_present_fingerprint(form, file), status=CONFLICT)
    messages.success(request, f"Decision {recorded.number} is recorded.")
    if "then_letter" in request.POST:  # the letters start one by the same post
        return redirect("letters:compose_list", file.case.pk, preserve_request=True)
    return redirect("cases:decision_record", file.case.pk, recorded.number)


def _leave(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Leave what a letter needs to who clears it. What is typed already stays on the page."""
    before = file
    for one in leavable(before):
        file = leave_open(file=file, who=one.who, actor=request.user)
    keep_typed(request, before, file)
    return redirect(reverse("cases:decision", args=[file.case.pk]) + "#record")


def _with_present_fingerprint(form: DecisionForm, file: CaseFile) -> DecisionForm:
    """The same text, to be sent again after a look at what has changed."""
    typed = {name: form.data.get(name, "") for name in form.fields}
    return DecisionForm({**typed, "fingerprint": file.fingerprint})


def _page(
    request: MemberRequest, file: CaseFile, form: DecisionForm | None = None, *, status: int = 200
) -> HttpResponse:
    """form: as it was posted."""
    opened, source = open_layers(request), open_source(request)
    context = {
        **context_of(file, request.user, open_source=source, form=form),
        "open_layers": opened,
        "changes": _changes_of(file) if Layer.CHANGE in opened else (),
        "has_changed": status == CONFLICT,
        "came_back": form is not None,
    }
    return show(request, file, "decisions/decision.html", context, status=status)


@case_page("case.work", only="GET", reads="case.read")
def changes(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What would change the verdict of each option now; with htmx only the lists."""
    context = {
        "changes": _changes_of(file),
        "first_course": file.outcome.first_course,
    }
    part = "#changes" if request.headers.get("HX-Request") else ""
    return show(request, file, f"decisions/changes.html{part}", context)


def _changes_of(file: CaseFile) -> tuple[ChangesOfOption, ...]:
    return present_changes(
        file.edition, file.outcome, file.raw_answers, file.reckoning.changes, file.endings
    )


@case_page("case.work", only="GET")
def decision_record(request: MemberRequest, file: CaseFile, number: int) -> HttpResponse:
    """A decision as it was recorded: everything from what is stored, nothing computed again."""
    recorded = get_or_404(
        request,
        decisions_of(file.case),
        action="decision.read",
        object_type="decision",
        number=number,
    )
    record_read(request, file, "decision.read")
    questioned = _questioned_of(recorded)
    context = {
        "edition_id": recorded.edition,
        "edition_words": result_words(recorded.edition),
        "page": _present_recorded(request, recorded, questioned, file.endings),
        "open_layers": open_layers(request),
        "changes": _recorded_changes(recorded, questioned, file.endings),
        "first_course": Outcome.model_validate(recorded.outcome).first_course,
        "form": None,
        "recorded": recorded,
        "withdrawn": withdrawn_since([recorded], file.evidence),
        "judged": judged_view(stricter_judgment(recorded, file.evidence), recorded),
        **what_follows(file, decisions_to_list(file.case), letter_of(file.case)),
        "needed": needed_for_a_letter(file),
        **changes_since(file, recorded),
    }
    return show(request, file, "decisions/decision.html", context)


def _questioned_of(recorded: Decision) -> Questioned | None:
    """What was kept of the questions to the result; earlier decisions kept nothing."""
    kept = recorded.questioned
    return None if kept is None else Questioned.model_validate(kept)


def _recorded_changes(
    recorded: Decision, questioned: Questioned | None, endings: Endings
) -> tuple[ChangesOfOption, ...]:
    if questioned is None:
        return ()
    values = {name: one["value"] for name, one in recorded.answers.items()}
    return present_changes(
        load_edition(recorded.edition),
        Outcome.model_validate(recorded.outcome),
        values,
        questioned.changes,
        endings,
    )


def _recorded_would_change(
    edition: Edition,
    recorded: Decision,
    questioned: Questioned | None,
    robustness: RobustnessView | None,
) -> WouldChange | None:
    if questioned is None or robustness is None:
        return None
    values = {name: one["value"] for name, one in recorded.answers.items()}
    return present_would_change(edition, robustness, questioned.instead, values)


def _present_recorded(
    request: MemberRequest,
    recorded: Decision,
    questioned: Questioned | None,
    endings: Endings,
) -> DecisionPage:
    edition = load_edition(recorded.edition)
    outcome = with_ended_said(Outcome.model_validate(recorded.outcome), edition, endings)
    words = tuple(AnswerInWords.model_validate(one) for one in recorded.answers_in_words)
    robustness = present_recorded_robustness(edition, outcome, questioned) if questioned else None
    return present_decision(
        case_line=(case_title(recorded.case), *recorded_line(recorded)),
        preference=recorded_preference(recorded),
        edition=edition,
        outcome=outcome,
        answers_in_words=words,
        cited=Cited.model_validate(recorded.cited),
        endings=endings,
        open_source=open_source(request),
        recorded=recorded,
        decisive=questioned.decisive if questioned else None,
        robustness=robustness,
        would_change=_recorded_would_change(edition, recorded, questioned, robustness),
    )
