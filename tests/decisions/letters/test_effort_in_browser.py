"""What the way from the list of cases to a signed letter costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from kapnet.core.people.models import User
from script.measure.effort.patients import NAMES, REFERRED
from script.measure.effort.person import Person
from script.measure.effort.to_the_answer import End, to_the_answer
from script.measure.effort.to_the_letter import to_the_letter
from tests.decisions.letters.stored_letters import make_sender
from tests.factories import PASSWORD
from tests.kapnet.core.directory.directory_factories import make_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
]


def test_signed_letter_takes_few_pages_presses_and_keys(
    therapist: User, staff: User, signed_in_page: Callable[..., Page]
) -> None:
    make_sender(therapist).set_password(PASSWORD)
    therapist.save()
    make_site(staff, colleague={"is_prescriber": True})
    page = signed_in_page(therapist)
    page.goto(reverse("cases:list"))
    person = Person(page, by_keys=True)
    person.know()

    to_the_answer(person, REFERRED, NAMES[0], end=End.LEADS)
    at_the_answer, to_there = dict(person.counts), person.seconds
    to_the_letter(person, REFERRED, PASSWORD)

    assert at_the_answer["pages"] <= 8
    assert at_the_answer["clicks"] <= 25
    assert at_the_answer["keys"] <= 60
    assert person.counts["pages"] <= 12
    assert person.counts["clicks"] <= 45
    assert person.counts["keys"] <= 350
    assert to_there <= 3 * 60
    assert person.seconds <= 7 * 60
