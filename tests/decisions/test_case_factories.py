"""A case that a factory stores at once is the case of somebody who saved each answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from decisions.cases.models import Answer, Case, SafetyTask
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import POSITIVE_FORM, answer, clinic_of, make_case
from tests.decisions.letters.letter_factories import vignettes

BORN = date(1984, 3, 14)


def _cases() -> list[tuple[str, dict[str, Any]]]:
    named: dict[str, dict[str, Any]] = {
        "no answers": {},
        "age named twice": {"age_years": 41, "phq9": POSITIVE_FORM},
        "nothing said": {"phq9": None},
    }
    return [*named.items(), *list(vignettes().items())[:4]]


def _rows(case: Case, therapist: User) -> dict[str, Any]:
    """All that is stored of a case, without keys and moments; the answers in order of saving."""
    with clinic_of(therapist):
        answers = Answer.objects.filter(case=case).order_by("saved_at")
        found = Case.objects.get(pk=case.pk)
        last = answers.last()
        return {
            "answers": sorted(
                answers.values_list("question", "value", "edition", "assessed_on", "version")
            ),
            "events": sorted(
                Event.objects.filter(case_id=case.pk)
                .exclude(object_id=str(case.pk))
                .values_list("action", "actor", "clinic", "object_type", "outcome", "reason")
            ),
            "tasks": list(SafetyTask.objects.filter(case=case).values_list("item9", "closed_at")),
            "urgency": found.urgency,
            "is_last_change": found.last_change == (last.saved_at if last else found.created_at),
        }


@pytest.mark.django_db
@for_each(["name", "answers"], _cases)
def test_case_stored_at_once_is_as_if_each_answer_had_been_saved(
    name: str, answers: dict[str, Any], therapist: User
) -> None:
    saved = make_case(therapist, name=name, born=BORN)
    for question_id, raw in answers.items():
        answer(saved, therapist, question_id, raw)
    assert _rows(make_case(therapist, name=name, born=BORN, **answers), therapist) == _rows(
        saved, therapist
    )
