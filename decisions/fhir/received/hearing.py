"""Item 9, on every path by which another system says it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from decisions.cases.case_file import Item9, item9_of
from decisions.cases.models import Case
from decisions.cases.safety.sources import Source
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.instruments import Scores
from kapnet.core.people.models import User


def hear_item9(case: Case, points: int | None, *, day: date, actor: User | None = None) -> bool:
    """Open or raise the safety task where item 9 is positive; whether it was."""
    if points is None or points < POSITIVE_ITEM9:
        return False
    raise_safety_task(case=case, item9=Item9(points, day), actor=actor, source=Source.FHIR)
    return True


def hear_forms(
    case: Case,
    edition_id: str,
    said: Iterable[tuple[str, object]],
    day: date,
    *,
    actor: User | None,
) -> None:
    """Open or raise the safety task by every form among some answers."""
    questionnaire = load_edition(edition_id).questionnaire
    for name, raw in said:
        question = questionnaire.question(name) if questionnaire.has_question(name) else None
        if question is None or question.instrument is None or raw is None:
            continue
        scores = read_answer(question, raw)
        item9 = item9_of(question.instrument, scores, day) if isinstance(scores, Scores) else None
        if item9 is not None:
            hear_item9(case, item9.points, day=item9.day, actor=actor)
