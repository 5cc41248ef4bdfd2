"""Answers after a decision: a draft shows what they change, and one press takes them over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.cases.models import Decision
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer
from tests.decisions.letters.stored_letters import make_decision, make_draft, make_signed

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


def page_of(client: Client, letter: Letter) -> str:
    url = reverse("letters:letter", args=[letter.case_id, letter.pk])
    return client.get(url).content.decode()


def press(client: Client, letter: Letter, html: str = "") -> str:
    fingerprint = ""
    if html:
        form = html[html.index('id="new-answers"') :]
        fingerprint = form.split('name="fingerprint" value="')[1].split('"')[0]
    url = reverse("letters:new_answers", args=[letter.case_id, letter.pk])
    return client.post(url, {"fingerprint": fingerprint}, follow=True).content.decode()


def decisions_of(letter: Letter) -> list[Decision]:
    with scopes_disabled():
        return list(Decision.objects.filter(case=letter.case_id).order_by("number"))


def test_f2_the_draft_shows_what_new_answers_change(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist, make_decision(therapist))
    answer(letter.case, therapist, "bp_systolic", 190)

    html = page_of(client_for(therapist), letter)

    assert "Systolic blood pressure: was “" in html
    assert "is “190 mmHg”" in html
    assert "is <strong>Not suitable</strong>" in html
    assert "Something comes first, and no option leads until then" in html


def test_f2_one_press_takes_them_over_with_choice_and_reasoning(
    therapist: User, client_for: Clients
) -> None:
    letter, client = make_draft(therapist, make_decision(therapist)), client_for(therapist)
    answer(letter.case, therapist, "bp_systolic", 118)

    html = press(client, letter, page_of(client, letter))

    first, second = decisions_of(letter)
    with scopes_disabled():
        letter = Letter.objects.get(pk=letter.pk)
    assert "The letter says the new answers now." in html
    assert 'id="new-answers"' not in html
    assert letter.decision_id == second.pk
    assert (second.chosen, second.recorded_by_id) == (first.chosen, therapist.pk)
    assert second.reasoning == (letter.reasoning or first.reasoning)
    assert second.answers["bp_systolic"]["value"] == 118
    assert Event.objects.filter(action="decision.recorded", object_id=str(second.pk)).exists()


def test_answers_that_changed_again_are_not_taken_over(
    therapist: User, client_for: Clients
) -> None:
    letter, client = make_draft(therapist, make_decision(therapist)), client_for(therapist)
    answer(letter.case, therapist, "bp_systolic", 118)
    shown = page_of(client, letter)
    answer(letter.case, therapist, "bp_systolic", 190)

    html = press(client, letter, shown)

    assert "answers have changed again" in html
    assert len(decisions_of(letter)) == 1


def test_pressed_twice_or_without_need_it_records_nothing(
    therapist: User, client_for: Clients
) -> None:
    letter, client = make_draft(therapist, make_decision(therapist)), client_for(therapist)
    press(client, letter)
    answer(letter.case, therapist, "bp_systolic", 118)
    shown = page_of(client, letter)
    press(client, letter, shown)
    press(client, letter, shown)

    assert len(decisions_of(letter)) == 2


def test_a_signed_letter_stays_as_it_is(therapist: User, client_for: Clients) -> None:
    letter, client = make_signed(therapist), client_for(therapist)
    answer(letter.case, therapist, "bp_systolic", 118)

    press(client, letter)

    assert len(decisions_of(letter)) == 1
