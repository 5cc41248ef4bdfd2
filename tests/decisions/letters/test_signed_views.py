"""Signed letters of the clinic: found, read and downloaded by its own people only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.letters.stored_letters import make_draft, make_signed

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(therapist: User) -> Letter:
    return make_signed(therapist)


def test_download_carries_no_name_and_is_kept_by_no_cache(
    letter: Letter, staff: User, client_for: Clients
) -> None:
    response = client_for(staff).get(reverse("letters:pdf", args=[letter.pk]))

    assert response["Content-Disposition"] == f'attachment; filename="{letter.number}.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    event = Event.objects.get(action="letter.downloaded")
    assert event.object_id == str(letter.pk)
    assert event.actor == staff


@for_each("words", ["Maren", "maren testcase", "L-20", "Harbor", "beispiel"])
def test_staff_find_a_letter(letter: Letter, staff: User, client_for: Clients, words: str) -> None:
    page = client_for(staff).get(reverse("desk:queue"), {"q": words})

    assert list(page.context["page"]) == [letter.pk]


def test_staff_see_no_draft_and_no_case(therapist: User, staff: User, client_for: Clients) -> None:
    letter, client = make_draft(therapist), client_for(staff)

    assert not client.get(reverse("desk:queue")).context["page"].object_list
    assert client.get(reverse("letters:detail", args=[letter.pk])).status_code == 404
    assert (
        client.get(reverse("letters:letter", args=[letter.case_id, letter.pk])).status_code == 403
    )


@for_each("name", ["detail", "pdf"], undone=True)
def test_another_clinic_finds_nothing(
    letter: Letter, other_therapist: User, client_for: Clients, name: str
) -> None:
    response = client_for(other_therapist).get(reverse(f"letters:{name}", args=[letter.pk]))

    assert response.status_code == 404
    assert Event.objects.filter(outcome="refused", object_id=str(letter.pk)).count() == 1
