"""The short path for people without JavaScript: several questions on a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, file_for, make_case, token_in
from tests.decisions.cases.path.test_path_views import card_url, fields_for, path_url
from tests.decisions.rules.cases import vignette

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
PATIENT = vignette("responder-relapsed")
MOST_PAGES = 25


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def several_url(case: Case) -> str:
    return reverse("cases:several", args=[case.pk])


def asked_in(html: str) -> list[str]:
    return re.findall(r'class="k-question [^"]*" id="(\w+)"', html)


def give(client: Client, case: Case, html: str, **answers: Any) -> Any:
    """Answer some questions of a page; the others are sent as they are: empty."""
    fields: dict[str, Any] = {f"{one}.token": token_in(html, one) for one in asked_in(html)}
    for name, raw in answers.items():
        is_box = raw == "unknown" and "bp_" in name
        fields |= {f"{name}.unknown": raw} if is_box else {name: raw}
        if raw != "unknown":
            fields |= fields_for(name, raw)
    return client.post(several_url(case), fields)


def test_whole_path_takes_few_pages(client: Client, case: Case, therapist: User) -> None:
    pages, asked = 0, list[str]()
    while (response := client.get(several_url(case))).status_code == 200:
        html = response.content.decode()
        pages += 1
        names = asked_in(html)
        asked += names
        given = {one: PATIENT.get(one, "unknown") for one in names}
        assert give(client, case, html, **given)["Location"] == several_url(case)

    assert response["Location"] == path_url(case)
    assert pages < MOST_PAGES / 2
    assert len(set(asked)) == len(asked)
    answers = file_for(case, therapist).raw_answers
    assert {one: answers[one] for one in asked if one != "phq9"} == {
        one: PATIENT.get(one, "unknown") for one in asked if one != "phq9"
    }
    end = client.get(path_url(case)).content.decode()
    assert "more questions to you can change the answer" in end
    assert f'href="{path_url(case)}?ask=rest"' in end


def test_what_is_left_open_comes_again_and_a_wrong_one_is_named(
    client: Client, case: Case, therapist: User
) -> None:
    html = client.get(several_url(case)).content.decode()
    first = asked_in(html)

    response = give(client, case, html, age_years="900", diagnosis="mdd", phq9="unknown")

    html = response.content.decode()
    assert response.status_code == 422
    assert "Everything else on this page is saved." in html
    assert asked_in(html)[0] == "age_years"
    assert set(first) - {"diagnosis"} <= set(asked_in(html))
    assert file_for(case, therapist).raw_answers == {"diagnosis": "mdd"}


def test_one_day_is_asked_for_both_pressures(client: Client, therapist: User) -> None:
    given = {one: raw for one, raw in PATIENT.items() if not one.startswith("bp_")}
    case = make_case(therapist, **{**given, "preference": "ketamine"})
    html = client.get(several_url(case)).content.decode()
    names = ("bp_systolic", "bp_diastolic")
    fields = {f"{one}.token": token_in(html, one) for one in names}

    client.post(
        several_url(case),
        {
            **fields,
            "bp_systolic": "138",
            "bp_diastolic": "86",
            "bp_systolic.assessed_on": "2026-01-02",
        },
    )

    assert html.count('type="date"') == 1
    file = file_for(case, therapist)
    assert [str(file.assessed_on(one)) for one in names] == ["2026-01-02"] * 2


def test_somebody_elses_answer_is_shown_beside_mine(
    client: Client, case: Case, therapist: User
) -> None:
    html = client.get(several_url(case)).content.decode()
    answer(case, therapist, "diagnosis", "bipolar")

    response = give(client, case, html, diagnosis="mdd")

    assert response.status_code == 409
    assert "Keep mine" in response.content.decode()
    assert file_for(case, therapist).raw_answers == {"diagnosis": "bipolar"}


def test_act_first_asks_for_its_question_on_the_page_or_by_its_card(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "phq9", {"total": 18, "item9": 1})

    here = client.get(several_url(case)).content.decode()

    assert asked_in(here)[0] == "suicide_risk"
    assert "Act on this first" in here
    assert f'href="{card_url(case, "suicide_risk")}"' not in here


def test_case_begun_without_javascript_begins_there(client: Client) -> None:
    form = {
        "patient_name": "Maren Testcase",
        "birth_month": "3",
        "birth_day": "14",
        "birth_year": "1982",
    }
    page = client.get(reverse("cases:new")).content.decode()

    response = client.post(reverse("cases:new"), {**form, "several": "1"})

    assert '<noscript><input type="hidden" name="several" value="1"></noscript>' in page
    assert response["Location"].endswith("/several/")


def test_total_without_item9_is_asked_about_on_the_same_page(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, **{**PATIENT, "phq9": None})
    html = client.get(several_url(case)).content.decode()
    form = {"phq9.token": token_in(html, "phq9"), "phq9.total": "12"}

    asked = client.post(several_url(case), form)

    assert asked.status_code == 200
    assert "Enter item 9, or tick that it is not known" in asked.content.decode()
    assert file_for(case, therapist).raw_answers["phq9"] == {"total": 12}
