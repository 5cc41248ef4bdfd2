"""From a decision to its letter without a loop: what is said before, after and at the next one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, make_case
from tests.decisions.domain.cases import base_with, vignette
from tests.decisions.test_decision_views import decision_url, record

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def open_case(therapist: User) -> Case:
    raw = {name: value for name, value in base_with(heart=None, head_metal=None).items() if value}
    return make_case(therapist, **raw)


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_f2_what_a_letter_needs_is_said_before_recording(client: Client, open_case: Case) -> None:
    html = read(client, decision_url(open_case))

    assert html.index("A letter will need") < html.index("Record the decision</button>")
    assert "Heart disease" in html[html.index("A letter will need") :]
    assert f"/cases/{open_case.pk}/ketamine_safety/?return=decision#heart" in html


def test_nothing_is_said_where_a_letter_has_every_answer(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("responder-relapsed"))

    assert "A letter will need" not in read(client, decision_url(case))


def test_f6_after_recording_the_page_says_so_and_what_comes_next(
    client: Client, open_case: Case
) -> None:
    html = client.get(record(client, open_case)["Location"]).content.decode()

    places = [
        html.index(words)
        for words in (
            "Decision 1 is recorded.",
            "She did well before.",
            "Write the letter",
            "Before a letter is signed",
            'id="answer-heading"',
        )
    ]
    assert places == sorted(places)


def test_the_way_to_the_letter_is_on_top_while_the_answers_are_those(
    client: Client, open_case: Case, therapist: User
) -> None:
    record(client, open_case)
    before = read(client, decision_url(open_case))
    answer(open_case, therapist, "heart", "none")
    after = read(client, decision_url(open_case))

    compose = reverse("letters:compose_list", args=[open_case.pk])
    assert before.index(compose) < before.index('id="ways"')
    assert "It is of these answers." in before
    assert "Answers have changed since." in after


def test_f2_the_reasoning_is_kept_for_the_next_decision_and_no_choice_is(
    client: Client, open_case: Case
) -> None:
    record(client, open_case)

    html = read(client, decision_url(open_case))

    form = html[html.index('id="record"') :]
    assert "She did well before.</textarea>" in form
    assert "Kept from decision 1" in form
    assert " checked" not in form


def test_an_older_decision_leads_to_the_newest(client: Client, open_case: Case) -> None:
    first = record(client, open_case)["Location"]
    record(client, open_case, reasoning="Again.")

    html = read(client, first)

    assert "Decision 2 is newer." in html
    assert "Write the letter" not in html
