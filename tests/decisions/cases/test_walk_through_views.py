"""Random walks through the pages, back and forth: what is stored is what was answered last."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core.people.models import Role
from tests.decisions.case_factories import file_for, make_case, page_of, save_by_htmx
from tests.factories import make_clinic, make_member
from tests.rounds import ROUNDS

pytestmark = pytest.mark.both_databases
QUESTIONNAIRE = load_edition().questionnaire
WALKED = tuple(
    question
    for section in ("tms_history", "practicalities")
    for question in QUESTIONNAIRE.section(section).questions
)


def texts_for(question: Question) -> st.SearchStrategy[str]:
    """What a person may leave in the controls of a question, wrong numbers included."""
    if question.type is QuestionType.INTEGER:
        return st.sampled_from(["0", "1", "2", str(question.max), str((question.max or 0) + 1)])
    return st.sampled_from([*sorted(question.values), "unknown"])


STEPS = st.lists(
    st.sampled_from(WALKED).flatmap(lambda one: st.tuples(st.just(one), texts_for(one))),
    min_size=1,
    max_size=6,
)


@pytest.mark.django_db
@settings(
    max_examples=4 * ROUNDS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_a_walk_stores_what_was_answered_last(db: None, steps: list[tuple[Question, str]]) -> None:
    therapist = make_member(clinic=make_clinic(), role=Role.THERAPIST)
    case, client = make_case(therapist), Client()
    client.force_login(therapist)
    last: dict[str, str] = {}

    for question, text in steps:
        if not file_for(case, therapist).answers.is_asked(question.id):
            continue
        section = QUESTIONNAIRE.section_of(question.id).id
        response = save_by_htmx(client, case, section, question.id, value=text)
        assert response.status_code in {200, 422}
        if response.status_code == 200:
            last[question.id] = text

    file = file_for(case, therapist)
    assert {name: _as_text(raw) for name, raw in file.raw_answers.items()} == last
    for question in WALKED:
        html = page_of(client, case, QUESTIONNAIRE.section_of(question.id).id)
        is_hidden = f'id="{question.id}" hidden' in html
        assert is_hidden is not file.answers.is_asked(question.id)


def _as_text(raw: object) -> str:
    return str(raw[0]) if isinstance(raw, list) else str(raw)
