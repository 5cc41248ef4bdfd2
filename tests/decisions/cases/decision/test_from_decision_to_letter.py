"""From a decision to its letter without a loop: what is said before, after and at the next one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.decision.typed import KEPT
from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import POSITIVE_FORM, answer, file_for, make_case
from tests.decisions.cases.decision.test_decision_views import decision_url, fingerprint_in, record
from tests.decisions.rules.cases import base_with, vignette

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

    assert html.index("A letter needs") < html.index("Record the decision</button>")
    assert "Heart disease" in html[html.index("A letter needs") :]
    assert f"/cases/{open_case.pk}/ketamine_safety/?return=decision#heart" in html


def test_nothing_is_said_where_a_letter_has_every_answer(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("responder-relapsed"))

    assert "A letter needs" not in read(client, decision_url(case))


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
    assert "Answers have changed since" not in before
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


def test_closed_safety_task_leads_back_to_the_answer(client: Client, therapist: User) -> None:
    case = make_case(therapist, **{**vignette("responder-relapsed"), "phq9": POSITIVE_FORM})
    closing = {"item9": "1", "assessment": "Interview", "agreed": "Plan"}

    closed = client.post(reverse("cases:safety", args=[case.pk]), closing)

    assert closed["Location"] == decision_url(case)
    assert "The safety task is closed." in read(client, closed["Location"])


def test_one_press_records_and_starts_the_letter(client: Client, open_case: Case) -> None:
    html = read(client, decision_url(open_case))
    fingerprint = html.partition('name="fingerprint" value="')[2].partition('"')[0]
    posted = {"chosen": "ketamine", "reasoning": "She did well.", "fingerprint": fingerprint}

    page = client.post(decision_url(open_case), {**posted, "then_letter": "1"}, follow=True)
    refused = client.post(decision_url(open_case), {**posted, "reasoning": "", "then_letter": "1"})

    assert "Decision 1 is recorded." in page.content.decode()
    assert 'id="letter-form"' in page.content.decode()
    assert refused.status_code == 422


def test_recorded_decision_starts_its_letter_by_one_press(client: Client, open_case: Case) -> None:
    html = client.get(record(client, open_case)["Location"]).content.decode()
    compose = reverse("letters:compose_list", args=[open_case.pk])

    started = client.post(compose)

    assert f'<form method="post" action="{compose}">' in html
    assert started["Location"].startswith(compose)
    assert started["Location"] != compose


def test_open_screens_are_left_by_one_press_on_the_page_that_asks_for_them(
    client: Client, therapist: User
) -> None:
    known = vignette("responder-relapsed")
    open_case = make_case(therapist, **{**known, "heart": None, "head_metal": None})
    html = read(client, decision_url(open_case))

    left = client.post(decision_url(open_case), {"leave": "all"})
    after = read(client, decision_url(open_case))

    assert "Leave 1 to the prescriber, 1 to the TMS provider" in html
    assert left["Location"] == f"{decision_url(open_case)}#record"
    assert "Leave 1 to" not in after
    assert set(file_for(open_case, therapist).answers.left) == {"heart", "head_metal"}


def test_leaving_keeps_what_was_typed_and_it_is_recorded_then(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, **{**vignette("responder-relapsed"), "heart": None})
    typed = {"chosen": "repeat_tms", "reasoning": "Three sentences."}
    seen = fingerprint_in(read(client, decision_url(case)))

    back = client.post(decision_url(case), {**typed, "fingerprint": seen, "leave": "all"})
    kept = str(client.session[KEPT])
    html = read(client, decision_url(case))

    assert back["Location"] == f"{decision_url(case)}#record"
    assert typed["reasoning"] not in kept
    assert typed["reasoning"] not in read(client, decision_url(case)), "it is kept once"

    assert "Three sentences.</textarea>" in html
    assert "novalidate data-not-saved>" in html
    assert 'value="repeat_tms" checked' in html
    done = client.post(decision_url(case), {**typed, "fingerprint": fingerprint_in(html)})
    assert done.status_code == 302
    assert set(file_for(case, therapist).answers.left) == {"heart"}


def test_leaving_does_not_take_answers_as_seen_that_came_after_the_choice(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, **{**vignette("responder-relapsed"), "heart": None})
    typed = {"chosen": "repeat_tms", "reasoning": "Three sentences."}
    typed["fingerprint"] = fingerprint_in(read(client, decision_url(case)))
    answer(case, therapist, "psychosis", "current")

    client.post(decision_url(case), {**typed, "leave": "all"})
    typed["fingerprint"] = fingerprint_in(read(client, decision_url(case)))
    told = client.post(decision_url(case), typed)

    assert told.status_code == 409
    assert "Answers have changed since you opened this page" in told.content.decode()


def test_nothing_is_left_while_something_that_comes_first_is_open(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, diagnosis="mdd")

    assert 'name="leave"' not in read(client, decision_url(case))
    client.post(decision_url(case), {"leave": "all"})
    assert not file_for(case, therapist).answers.left


def test_group_that_nobody_clears_is_not_found(client: Client, open_case: Case) -> None:
    path = reverse("cases:path", args=[open_case.pk])

    for leave in (["prescriber", "nobody"], []):
        assert client.post(path, {"leave": leave, "to": "answer"}).status_code == 404
