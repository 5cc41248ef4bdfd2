"""Links to the place where a question is answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Case
from decisions.rules.question_names import question_names

REST = "rest"
"""Asks on the short path for what can still change who leads after it has offered its answer."""


@dataclass(frozen=True)
class QuestionLink:
    """A question by its short name, and where it is answered."""

    id: str
    name: str
    url: str


def next_on_path(file: CaseFile) -> QuestionLink | None:
    """What the short path asks next, where it is asked; None at its end."""
    path = file.reckoned.path
    if not path.to_ask:
        return None
    name, url = (
        question_names(file.edition.id)[path.to_ask[0]],
        reverse("cases:path", args=[file.case.pk]),
    )
    return QuestionLink(path.to_ask[0], name, url if path.before_the_offer else f"{url}?ask={REST}")


def link_to(file: CaseFile, question_id: str, *, back_to: str = "") -> QuestionLink:
    """Where a question is answered; `back_to` names the page to come back to."""
    section = file.edition.questionnaire.section_of(question_id)
    url = section_url(file.case, section.id)
    query = f"?return={back_to}" if back_to else ""
    name = question_names(file.edition.id)[question_id]
    return QuestionLink(question_id, name, f"{url}{query}#{question_id}")


_ANY_CASE = UUID(int=0)


def section_url(case: Case, section_id: str) -> str:
    """The page of a section of a case. A page has dozens of these addresses."""
    return _of_any_case(section_id).replace(str(_ANY_CASE), str(case.pk), 1)


@lru_cache(maxsize=256)
def _of_any_case(section_id: str) -> str:
    return reverse("cases:section", args=[_ANY_CASE, section_id])
