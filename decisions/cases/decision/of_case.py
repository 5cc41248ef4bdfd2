"""The page of a case as it stands: gathered, reckoned, and said as its template shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import contradictions_in
from decisions.cases.decision.changed_since import since_last_decision
from decisions.cases.decision.cited import cited_by
from decisions.cases.decision.gathering import gather
from decisions.cases.decision.guidelines import guidelines_today
from decisions.cases.decision.letter_ahead import leavable, needed_for_a_letter
from decisions.cases.decision.presenters import DecisionPage, present_decision
from decisions.cases.decision.sensitivity import present_robustness
from decisions.cases.decision.would_change import would_change_of
from decisions.cases.forms import DecisionForm
from decisions.cases.models import Decision
from decisions.cases.page_frame import case_line, preference_of
from decisions.cases.question_links import next_on_path
from evidence.ending import Endings
from evidence.guide.reading import pair_beside
from kapnet.core.people.models import User


def context_of(
    file: CaseFile, person: User, *, open_source: tuple[str, str] | None, form: DecisionForm | None
) -> dict[str, object]:
    """What the page shows: first everything is read, then reckoned, then said.

    form: as it was posted; without one the reasoning of the latest decision is offered.
    """
    gathered, reckoned = gather(file, person), file.reckoned
    return {
        "next_question": next_on_path(file),
        "contradictions": contradictions_in(file, told=gathered.mismatches),
        "page": present_case(file, gathered.endings, case_line(file), open_source),
        "first_course": reckoned.outcome.first_course,
        "phrases": gathered.phrases,
        **what_follows(file, gathered.decisions, gathered.letter),
        **since_last_decision(file, gathered.decisions),
        "leavable": leavable(file),
        "needed": needed_for_a_letter(file),
        "form": form or _form_of(file, gathered.newest),
    }


def present_case(
    file: CaseFile,
    endings: Endings,
    line: tuple[str, ...],
    open_source: tuple[str, str] | None,
) -> DecisionPage:
    """What the rules say of a case now. line: what the page says of the patient above it."""
    reckoned, robustness = file.reckoned, present_robustness(file)
    return present_decision(
        case_line=line,
        preference=preference_of(file),
        edition=file.edition,
        outcome=file.shown,
        answers_in_words=reckoned.in_words,
        cited=cited_by(reckoned.outcome, file.evidence),
        endings=endings,
        open_source=open_source,
        decisive=reckoned.decisive,
        robustness=robustness,
        would_change=would_change_of(file, robustness),
        of_the_pair=pair_beside(endings),
        guidelines=guidelines_today(endings),
    )


def what_follows(file: CaseFile, decisions: Sequence[Decision], letter: Any) -> dict[str, object]:
    """The recorded decisions, whether the latest is of these answers, and its letter."""
    return {
        "decisions": decisions,
        "is_as_recorded": bool(decisions) and decisions[0].answers == file.answers_with_dates,
        "letter": letter,
    }


def _form_of(file: CaseFile, newest: Decision | None) -> DecisionForm:
    kept = newest.reasoning if newest else ""
    return DecisionForm(initial={"fingerprint": file.fingerprint, "reasoning": kept})
