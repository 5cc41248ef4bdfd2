"""Cards that ask several questions: what one press says no to, with two windows, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from decisions.cases.models import Case, SafetyTask
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import (
    answer,
    clinic_of,
    close_task,
    file_for,
    make_case,
)
from tests.decisions.cases.path.test_path_views import card_url, path_url

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
TOGETHER = ("mania_now", "life_threatening", "withdrawal_now")
FORM, ZERO = {"total": 18, "item9": 1}, {"total": 12, "item9": 0}


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def page(client: Client, case: Case, name: str) -> str:
    return client.get(card_url(case, name)).content.decode()


def tokens(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="([a-z0-9_]+\.token)" value="([^"]*)"', html))


def answers_of(case: Case, user: User) -> dict[str, Any]:
    return dict(file_for(case, user).raw_answers)


@for_each(
    ("name", "stored"),
    [
        ("mania_now", {}),
        ("bp_systolic", {"bp_systolic": [130, 150]}),
        ("phq9", {"phq9": [ZERO, {"total": 9, "item9": 0}]}),
        ("ketamine_access", {"ketamine_access": [["iv"], ["esketamine"]]}),
    ],
    undone=True,
)
def test_enter_in_a_field_goes_on_and_presses_nothing_else(
    client: Client, case: Case, name: str, stored: dict[str, list[Any]]
) -> None:
    for question, (first, then) in stored.items():
        raw: Any
        for raw in (first, then):
            fields = {question: raw}
            if isinstance(raw, dict):
                fields = {f"{question}.total": raw["total"], f"{question}.item9_alone": 0}
            client.post(card_url(case, name), {**tokens(page(client, case, name)), **fields})

    html = page(client, case, name)

    assert ("Undo: " in html) is bool(stored)
    form = html[html.index('id="answers"') :]
    default = re.search(r'<button[^>]*type="submit"[^>]*>', form)
    assert default
    assert 'name="next"' in default[0]
    assert f'formaction="{card_url(case, name)}"' in default[0]


def test_no_is_said_to_nothing_that_the_page_did_not_show(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "mania_now")
    shown = tokens(page(client, case, "mania_now"))
    del shown["life_threatening.token"]

    response = client.post(url, {**shown, "rest_no": "1"})

    assert response.status_code == 422
    assert answers_of(case, therapist) == {"mania_now": "no", "withdrawal_now": "no"}


def test_no_takes_the_place_of_no_answer_of_another_window(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "mania_now")
    html = page(client, case, "mania_now")
    answer(case, therapist, "mania_now", "yes")
    answer(case, therapist, "life_threatening", "unknown")

    response = client.post(url, {**tokens(html), "rest_no": "1"})

    conflict = response.content.decode()
    kept = {"mania_now": "yes", "life_threatening": "unknown"}
    assert response.status_code == 409
    assert conflict.count("Take theirs") == 2
    assert answers_of(case, therapist) == {**kept, "withdrawal_now": "no"}
    mine = {**tokens(conflict), **dict.fromkeys(TOGETHER, "no")}
    assert client.post(url, {**mine, "rest_no": "1"}).status_code == 409, "pressed again"
    assert answers_of(case, therapist) == {**kept, "withdrawal_now": "no"}
    taken = client.post(url, {**mine, "take": "mania_now"}).content.decode()
    assert taken.count("Take theirs") == 1
    (keep,) = re.findall(r'name="keep" value="([^"]+)"', taken)
    mine = {**tokens(taken), **dict.fromkeys(TOGETHER, "no"), "mania_now": "yes"}
    assert client.post(url, {**mine, "keep": keep})["Location"] == path_url(case)
    assert answers_of(case, therapist) == {
        "mania_now": "yes",
        "life_threatening": "no",
        "withdrawal_now": "no",
    }


def test_each_question_of_a_group_offers_its_own_way_back(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "mania_now")
    client.post(url, {**tokens(page(client, case, "mania_now")), "rest_no": "1"})
    changed = {"mania_now": "yes", "life_threatening": "unknown", "withdrawal_now": "no"}
    client.post(url, {**tokens(page(client, case, "mania_now")), **changed})

    html = page(client, case, "mania_now")
    assert html.count("Undo: No") == 2
    client.post(url, {**tokens(html), **changed, "undo": "mania_now"})

    assert answers_of(case, therapist) == {**changed, "mania_now": "no"}
    assert "Undo: Yes" in page(client, case, "mania_now")


@for_each(
    ("fields", "saved"),
    [
        ({"bp_systolic": "138"}, {"bp_systolic": 138, "bp_diastolic": "unknown"}),
        ({}, {"bp_systolic": "unknown", "bp_diastolic": "unknown"}),
        (
            {"bp_systolic": "138", "bp_diastolic": "86"},
            {"bp_systolic": "unknown", "bp_diastolic": "unknown"},
        ),
    ],
    undone=True,
)
def test_not_known_loses_no_number_beside_an_empty_field(
    client: Client, case: Case, therapist: User, fields: dict[str, str], saved: dict[str, Any]
) -> None:
    html = page(client, case, "bp_systolic")

    client.post(card_url(case, "bp_systolic"), {**tokens(html), **fields, "not_known": "1"})

    assert answers_of(case, therapist) == saved


def test_half_a_form_is_asked_for_again_in_words(
    client: Client, case: Case, therapist: User
) -> None:
    half = {"items": [2, 2, None, 2, 2, 2, 2, 2, None]}
    answer(case, therapist, "phq9", half)
    html = page(client, case, "phq9")
    hidden = dict(re.findall(r'name="(phq9\.item\d)" value="(\d)"', html))

    response = client.post(card_url(case, "phq9"), {**tokens(html), **hidden, "next": "1"})

    assert response.status_code == 422
    assert "Answer, or choose Not known" in response.content.decode()
    assert answers_of(case, therapist) == {"phq9": half}


@for_each("replaced_by", [{"phq9.total": "12", "phq9.item9_alone": "0"}, {"not_known": "1"}])
def test_positive_item_9_that_undo_brings_back_opens_a_safety_task_again(
    client: Client, therapist: User, replaced_by: dict[str, str]
) -> None:
    case = make_case(therapist, phq9=FORM)
    close_task(case, therapist)
    url = card_url(case, "phq9")
    client.post(url, {**tokens(page(client, case, "phq9")), **replaced_by})
    assert not file_for(case, therapist).has_open_task
    html = page(client, case, "phq9")
    assert "Undo: " in html

    client.post(url, {**tokens(html), "undo": "phq9"})

    file = file_for(case, therapist)
    assert file.raw_answers["phq9"] == FORM
    assert file.has_open_task
    with clinic_of(therapist):
        assert SafetyTask.objects.filter(case=case).count() == 2
