"""Preferred name, language and interpreter are asked once: on the case, and in its letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.letters.actions import compose
from decisions.life.actions import copy_case
from decisions.patient.queries import needs_of
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_draft

pytestmark = pytest.mark.django_db

SAID = {"preferred_name": "Mo", "language": "Spanish", "interpreter": "needed"}


def test_needs_are_on_the_case_in_letters_and_in_a_later_episode(
    therapist: User, client_for: Callable[[User], Client]
) -> None:
    client, draft = client_for(therapist), make_draft(therapist)
    case = draft.case

    saved = client.post(reverse("patient:needs", args=[case.pk]), SAID)
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    facts = client.get(reverse("letters:facts", args=[case.pk])).content.decode()
    with clinic_of(therapist):
        letter = compose(draft.pk, therapist).text
        copied = needs_of(copy_case(case=case, actor=therapist))

    assert saved.status_code == 302
    assert "Called Mo" in page
    assert "Spanish, interpreter needed" in page
    assert 'name="language"' not in facts
    said = str(letter)
    assert "(“Mo”)" in said
    assert "Spanish, interpreter needed" in said
    assert copied is not None
    assert (copied.preferred_name, copied.language) == ("Mo", "Spanish")


def test_what_cannot_be_is_refused_and_stays(
    therapist: User, client_for: Callable[[User], Client]
) -> None:
    case = make_draft(therapist).case

    response = client_for(therapist).post(
        reverse("patient:needs", args=[case.pk]), {**SAID, "interpreter": "perhaps"}
    )

    assert response.status_code == 422
    assert 'value="Mo"' in response.content.decode()
