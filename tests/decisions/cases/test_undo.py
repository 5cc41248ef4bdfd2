"""Undo on pages without scripts and on cards: the answer before comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case
from decisions.cases.section.replaced import KEPT
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import answer, file_for, make_case, section_url, token_in
from tests.factories import make_member

pytestmark = pytest.mark.django_db
EARLIER = date(2026, 11, 2)


@pytest.fixture
def case(therapist: User) -> Case:
    case = make_case(therapist)
    answer(case, therapist, "diagnosis", "mdd", assessed_on=EARLIER)
    return case


@pytest.fixture
def client(therapist: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(therapist)


def addresses(case: Case) -> tuple[str, str]:
    return section_url(case, "scope"), reverse("cases:card", args=[case.pk, "diagnosis"])


def post(client: Client, address: str, **fields: str) -> int:
    """A form that is sent as a browser without scripts sends it."""
    html = client.get(address).content.decode()
    token = {"diagnosis.token": token_in(html, "diagnosis")}
    return client.post(address, {**token, **fields}).status_code


def forget(client: Client) -> None:
    session = client.session
    del session[KEPT]
    session.save()


def stands(case: Case, user: User) -> tuple[object, date | None]:
    file = file_for(case, user)
    return file.raw_answers.get("diagnosis"), file.assessed_on("diagnosis")


def test_replaced_and_cleared_answers_come_back_with_their_day(
    client: Client, case: Case, therapist: User
) -> None:
    for address in addresses(case):
        assert "Undo:" not in client.get(address).content.decode()
        assert post(client, address, diagnosis="bipolar") == 302
        assert stands(case, therapist)[0] == "bipolar"
        assert "Undo: Major depressive disorder" in client.get(address).content.decode()
        assert post(client, address, diagnosis="bipolar", undo="diagnosis") == 302
        assert stands(case, therapist) == ("mdd", EARLIER)
        forget(client)

    section, _ = addresses(case)
    assert post(client, section, diagnosis="mdd", clear="diagnosis") == 302
    assert post(client, section, undo="diagnosis") == 302
    assert stands(case, therapist) == ("mdd", EARLIER)


def test_undo_never_takes_the_place_of_what_a_colleague_answered_meanwhile(
    client: Client, case: Case, therapist: User
) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    for address in addresses(case):
        post(client, address, diagnosis="bipolar")
        html = client.get(address).content.decode()
        answer(case, colleague, "diagnosis", "other")

        stale = {"diagnosis.token": token_in(html, "diagnosis"), "undo": "diagnosis"}
        refused = client.post(address, stale | {"diagnosis": "bipolar"})

        assert refused.status_code == 409
        assert "Undo:" not in refused.content.decode()
        assert stands(case, therapist)[0] == "other"
        assert "Undo:" not in client.get(address).content.decode()
        answer(case, therapist, "diagnosis", "mdd", assessed_on=EARLIER)


def test_what_waits_for_undo_is_encrypted_and_of_one_case(
    client: Client, case: Case, therapist: User
) -> None:
    section, _ = addresses(case)
    post(client, section, diagnosis="bipolar")
    another = make_case(therapist, name="Another Person", diagnosis="bipolar")

    assert "Undo:" not in client.get(section_url(another, "scope")).content.decode()
    assert "mdd" not in str(client.session[KEPT])
