"""List, case page and decision page know where the letter of a case stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.desk.models import Delivery, Status
from decisions.desk.standing import letters_standing
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_draft, make_signed

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: Clients) -> Client:
    return client_for(therapist)


def test_f8_a_draft_is_gone_on_with(client: Client, therapist: User) -> None:
    letter = make_draft(therapist)

    pages = [
        client.get(reverse("cases:list")).content.decode(),
        client.get(reverse("cases:decision", args=[letter.case_id])).content.decode(),
    ]

    assert "Letter is a draft" in pages[0]
    assert "Go on with" in pages[0]
    assert "Go on with the letter" in pages[1]


@for_each(
    ("status", "state", "step"),
    [
        (Status.READY, "Letter signed", "See that the letter is sent"),
        (Status.SENT, "Letter: Sent", "Wait for the answer to the letter"),
        (Status.DECLINED, "Letter: Declined", "See the letter"),
    ],
    undone=True,
)
def test_f8_list_and_case_say_what_became_of_a_signed_letter(
    client: Client, therapist: User, status: Status, state: str, step: str
) -> None:
    letter = make_signed(therapist)
    with clinic_of(therapist):
        Delivery.objects.filter(letter=letter).update(status=status)

    work_list = client.get(reverse("cases:list")).content.decode()
    case_page = client.get(reverse("cases:case", args=[letter.case_id])).content.decode()

    assert state in work_list
    assert step in work_list
    assert "Write the referral letter" not in work_list
    assert f"{letter.number}: {status.label}" in case_page


def test_a_case_without_letters_has_no_standing(therapist: User) -> None:
    letter = make_draft(therapist)
    with clinic_of(therapist):
        assert set(letters_standing([letter.case_id])) == {letter.case_id}
        assert letters_standing([letter.pk]) == {}
