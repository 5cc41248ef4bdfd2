"""Each fact is asked once: safety task, history and facts for letters share their rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.documents.letter.not_known import ROWS_FOR
from decisions.documents.letter.treatment_history import TmsCourse
from decisions.letters.models import LetterFacts
from decisions.treatment_history.actions import add_row
from decisions.treatment_history.models import Kind
from kapnet.core.people.models import User
from tests.decisions.case_factories import POSITIVE_FORM, clinic_of, make_case
from tests.decisions.letters.stored_letters import write_facts

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
CLOSING = {"assessment": "Interview", "agreed": "Safety plan written today", "item9": "1"}


@pytest.fixture
def client(therapist: User, client_for: Clients) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, phq9=POSITIVE_FORM, tms_courses=1)


def facts_of(case: Case) -> LetterFacts | None:
    with scopes_disabled():
        return LetterFacts.objects.filter(case=case).first()


def page(client: Client, name: str, case: Case) -> str:
    return client.get(reverse(name, args=[case.pk])).content.decode()


def test_f7_what_the_safety_task_asks_is_printed_and_not_asked_again(
    client: Client, case: Case
) -> None:
    url = reverse("cases:safety", args=[case.pk])
    said = {"safety_plan": "yes", "means_safety": "not_known"}

    response = client.post(url, {**CLOSING, **said})

    facts = facts_of(case)
    assert response.status_code == 302
    assert facts is not None
    assert {name: getattr(facts, name) for name in said} == said
    html = page(client, "letters:facts", case)
    assert "Safety plan written today" in html


def test_what_a_safety_task_leaves_open_changes_no_fact(
    client: Client, case: Case, therapist: User
) -> None:
    write_facts(case, therapist, safety_plan="no", goals="To drive again.")

    shown = page(client, "cases:safety", case)
    client.post(reverse("cases:safety", args=[case.pk]), {**CLOSING, "means_safety": "yes"})

    facts = facts_of(case)
    assert 'value="no" checked' in shown
    assert facts is not None
    assert (facts.safety_plan, facts.means_safety) == ("no", "yes")
    assert facts.goals == "To drive again."


def test_a_safety_task_without_facts_makes_no_row(client: Client, case: Case) -> None:
    client.post(reverse("cases:safety", args=[case.pk]), CLOSING)

    assert facts_of(case) is None


def test_f12_what_the_history_has_rows_for_is_asked_there_alone(
    client: Client, case: Case, therapist: User
) -> None:
    before = page(client, "letters:facts", case)
    write_facts(case, therapist, allergies="Latex")
    after = page(client, "letters:facts", case)

    assert [name for name in ROWS_FOR if f'name="{name}"' in before] == []
    assert reverse("history:history", args=[case.pk]) in before
    assert [name for name in ROWS_FOR if f'name="{name}"' in after] == ["allergies"]
    assert "move it there" in after


def test_rows_that_do_not_fit_an_answer_say_so_where_they_are_written(
    client: Client, case: Case, therapist: User
) -> None:
    with clinic_of(therapist):
        add_row(case=case, actor=therapist, kind=Kind.TMS_COURSES, values=TmsCourse())
    alone = page(client, "history:history", case)
    with clinic_of(therapist):
        add_row(case=case, actor=therapist, kind=Kind.TMS_COURSES, values=TmsCourse())

    html = page(client, "history:history", case)

    assert "Do these fit?" not in alone
    assert "answered “1 course”. The treatment history lists 2 courses. Which is right?" in html
    assert f"/cases/{case.pk}/tms_history/#tms_courses" in html
