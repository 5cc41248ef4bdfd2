"""Two people, or two windows, and one answer: nothing is overwritten silently."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from decisions.cases.models import Case
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import (
    answer,
    file_for,
    make_case,
    page_of,
    save_by_htmx,
    section_url,
    token_in,
)
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def value_of(case: Case, user: User, question_id: str) -> object:
    row = file_for(case, user).rows.get(question_id)
    return row.value if row else None


def test_a_conflict_shows_both_values_and_saves_neither_silently(
    client: Client, case: Case, therapist: User
) -> None:
    colleague = make_member(clinic=case.clinic, role=Role.THERAPIST, name="B. Kollege")
    stale = token_in(page_of(client, case, "ketamine_safety"), "bp_systolic")
    answer(case, colleague, "bp_systolic", 142)

    response = save_by_htmx(
        client, case, "ketamine_safety", "bp_systolic", token=stale, value="124"
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert all(words in html for words in ("124 mmHg", "142 mmHg", "B. Kollege"))
    assert value_of(case, therapist, "bp_systolic") == 142


@pytest.mark.parametrize(
    ("button", "value", "stays"), [("keep", "bp_systolic@1", 124), ("take", "bp_systolic", 142)]
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_conflict_ends_by_either_button(
    client: Client, case: Case, therapist: User, button: str, value: str, stays: int, htmx: bool
) -> None:
    answer(case, therapist, "bp_systolic", 142)
    data = {"question": "bp_systolic", "bp_systolic.token": "0.", "bp_systolic": "124"}
    headers = {"HX-Request": "true"} if htmx else {}

    response = client.post(
        section_url(case, "ketamine_safety"), {**data, button: value}, headers=headers
    )

    assert response.status_code == (200 if htmx else 302)
    assert value_of(case, therapist, "bp_systolic") == stays


def test_a_conflict_by_ordinary_post_keeps_what_was_typed(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "bp_systolic", 142)
    data = {"bp_systolic.token": "0.", "bp_systolic": "124"}

    response = client.post(section_url(case, "ketamine_safety"), data)

    html = response.content.decode()
    assert response.status_code == 409
    assert 'name="keep" value="bp_systolic@1"' in html
    assert 'value="124"' in html


def test_an_untouched_answer_of_an_old_page_takes_nothing_back(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "diagnosis", "mdd")
    old = token_in(page_of(client, case, "scope"), "diagnosis")
    answer(case, therapist, "diagnosis", "bipolar")
    day = file_for(case, therapist).rows["diagnosis"].assessed_on.isoformat()
    data = {"diagnosis.token": old, "diagnosis": "mdd", "diagnosis.assessed_on": day}

    response = client.post(section_url(case, "scope"), data)

    assert response.status_code == 302
    assert value_of(case, therapist, "diagnosis") == "bipolar"


def test_nobody_conflicts_with_themselves_in_one_tab(
    client: Client, case: Case, therapist: User
) -> None:
    first = save_by_htmx(client, case, "ketamine_safety", "bp_systolic", value="120")
    token = token_in(first.content.decode(), "bp_systolic")

    second = save_by_htmx(client, case, "ketamine_safety", "bp_systolic", token=token, value="125")

    assert second.status_code == 200
    assert value_of(case, therapist, "bp_systolic") == 125
