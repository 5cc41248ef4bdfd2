"""Whatever reads a case or a letter leaves an event, and so does what fails (S-47)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from decisions.consents.actions import record_consent
from decisions.desk.exporting import ask_for_export
from decisions.desk.models import Export
from decisions.emergency.actions import open_in_emergency
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
SPACES = (
    *("cases", "letters", "desk", "team", "patient", "life", "plan", "consents", "emergency"),
    "reminders",
)
SHOWS_NO_CASE = {
    "cases:new",
    "cases:sample",
    "cases:tour",
    "cases:proof",
    "letters:verify",
    "desk:exports",
    "desk:reply",
    "desk:reply_sent",
    "desk:reply_with",
    "letters:archive",
    "emergency:over",
}
"""A form for a new case, a patient that no database knows, the tour, a public proof, a check that
shows nothing, a list of files, the page for replies, which shows nothing, a copy that needs a
certificate (tests/decisions/letters/test_archival.py reads it), and what takes a case's place."""
POSTS_ONLY = 405
NOTHING_THERE_YET = {"plan:calendar", "cases:several"}
"""404 until somebody plans, and on to the next page where all is answered: recorded, too."""
CONSENT = {
    "kind": "authorization",
    "reference": "P-1",
    "for_all_who_treat": True,
    "purpose": "treatment",
    "scope": "all",
    "signed_by": "the patient",
    "signed_on": date(2026, 1, 2),
    "expires_on": date(2099, 1, 2),
}


def names() -> list[str]:
    """Of every address under which something of a case or a letter can stand."""
    resolver = get_resolver()
    found = [
        f"{space}:{name}"
        for space in SPACES
        for name in resolver.namespace_dict[space][1].reverse_dict
        if isinstance(name, str)
    ]
    return sorted(set(found) - SHOWS_NO_CASE)


@pytest.fixture
def places(therapist: User, staff: User) -> list[dict[str, Any]]:
    """What stands in addresses: with the ids of a signed letter, and with those of a draft."""
    decision = make_decision(therapist)
    signed = sign(make_draft(therapist, decision), therapist)
    draft = make_draft(therapist, decision)
    with clinic_of(therapist):
        consent = record_consent(case=signed.case, actor=therapist, values=CONSENT)
        export = ask_for_export(
            clinic=signed.clinic, by=staff, letters=[signed], kind=Export.Kind.ZIP
        )
        access = open_in_emergency(case=signed.case, actor=staff, reason="Nobody was reached.")
        Export.objects.filter(pk=export.pk).update(state=Export.State.DONE, file=b"PK")
    known = {
        "access_id": access.pk,
        "case_id": signed.case_id,
        "export_id": export.pk,
        "consent_id": consent.pk,
        "section_id": "ketamine_safety",
        "question_id": "bp_systolic",
        "number": 1,
        "member_id": 1,
    }
    return [{**known, "letter_id": one.pk} for one in (signed, draft)]


def addresses(name: str, places: list[dict[str, Any]]) -> set[str]:
    """The addresses of one name, with the ids that it asks for."""
    space, _, plain = name.partition(":")
    asked = get_resolver().namespace_dict[space][1].reverse_dict.getlist(plain)[0][0][0][1]
    return {reverse(name, kwargs={one: place[one] for one in asked}) for place in places}


@for_each("name", names(), undone=True)
def test_page_that_shows_a_case_or_letter_leaves_an_event(
    client_for: ClientFor,
    therapist: User,
    staff: User,
    places: list[dict[str, Any]],
    name: str,
) -> None:
    codes = set()
    for address in addresses(name, places):
        for person in (therapist, staff):
            client = client_for(person)
            before = Event.objects.count()
            response = client.get(address)
            codes.add(response.status_code)
            if response.status_code != POSTS_ONLY:
                assert Event.objects.count() > before, (address, person, response.status_code)
    assert name in NOTHING_THERE_YET or codes & {200, POSTS_ONLY}, (
        f"Nobody was shown {name}: {codes}"
    )


def posted(client: Client, address: str, **values: str) -> tuple[int, Event]:
    response = client.post(address, values)
    return response.status_code, Event.objects.latest("id")


def test_form_with_a_mistake_in_it_leaves_the_read(
    client_for: ClientFor, therapist: User, places: list[dict[str, Any]]
) -> None:
    case_id = places[0]["case_id"]

    code, event = posted(client_for(therapist), f"/cases/{case_id}/consents/", kind="nonsense")

    assert code == 422
    assert (event.action, event.outcome, event.reason) == ("case.read", "done", "POST 422")
    assert (event.actor, event.case_id) == (therapist, case_id)


def test_fault_of_ours_leaves_a_failed_read(
    client_for: ClientFor,
    therapist: User,
    places: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("decisions.cases.views.present_check", lambda file: 1 / 0)
    monkeypatch.setattr("decisions.cases.case_page.record_case_read", lambda *some: None)
    client = client_for(therapist)
    client.raise_request_exception = False
    case_id = places[0]["case_id"]

    response = client.get(f"/cases/{case_id}/check/")

    event = Event.objects.latest("id")
    assert response.status_code == 500
    assert (event.action, event.outcome, event.case_id) == ("case.read", "failed", case_id)


def test_page_that_records_itself_leaves_one_event(
    client_for: ClientFor, therapist: User, places: list[dict[str, Any]]
) -> None:
    client = client_for(therapist)
    before = Event.objects.count()

    client.get(f"/cases/{places[0]['case_id']}/")

    assert Event.objects.count() == before + 1


def test_new_password_leaves_an_event_without_it(client_for: ClientFor, therapist: User) -> None:
    therapist.set_password(PASSWORD)
    therapist.save()
    new = "another-long-Passphrase-1"

    client_for(therapist).post(
        "/accounts/password/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    therapist.refresh_from_db()
    event = Event.objects.get(action="account.password_changed")
    assert therapist.check_password(new)
    assert (event.actor, event.object_id, event.reason) == (therapist, str(therapist.pk), "")
