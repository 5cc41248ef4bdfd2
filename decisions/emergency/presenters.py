"""A case as somebody reads it in an emergency: everything on one page, nothing to change."""

from __future__ import annotations

from decisions.care_team.queries import team_of
from decisions.cases.case_file import CaseFile
from decisions.cases.presenters import present_check
from decisions.cases.queries import closed_tasks_of, decisions_of
from decisions.documents.letter.loading import load_words
from decisions.letters.queries import signed_letters
from decisions.plans.presenters import VisitRow, present_plan
from decisions.plans.queries import LaidOut, plan_of
from decisions.treatment_history.presenters import present_history


def present_for_emergency(file: CaseFile, *, reads_letters: bool) -> dict[str, object]:
    """What the page shows. reads_letters: whether its reader may open signed letters."""
    letters = signed_letters().filter(case=file.case).defer("pdf", "content")
    return {
        "page": present_check(file),
        "kinds": present_history(file.case, load_words(file.case.edition).history),
        "decisions": decisions_of(file.case),
        "closed_tasks": closed_tasks_of(file.case),
        "members": team_of(file.case),
        "letters": letters.order_by("-signed_at"),
        "reads_letters": reads_letters,
        "visits": _visits(file),
    }


def _visits(file: CaseFile) -> tuple[VisitRow, ...]:
    """The days of the plan; none where there is no plan."""
    stored = plan_of(file.case)
    if stored is None:
        return ()
    return present_plan(LaidOut(stored, file.case.edition, file.evidence)).visits
