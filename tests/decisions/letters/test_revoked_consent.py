"""A revoked consent closes every door to a letter, and every page of the letter says so (F-17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled
from playwright.sync_api import Page

from decisions.consents.actions import record_consent, revoke_consent
from decisions.consents.models import Consent
from decisions.desk.exporting import ask_for_export, run_export
from decisions.desk.models import Export, ExportItem
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_draft, make_signed, sign
from tests.whole.matrix.routes import routes

pytestmark = pytest.mark.django_db(transaction=True)

Clients = Callable[[User], Client]
FILES = ("application/pdf", "application/zip", "application/octet-stream", "text/plain")
DOORS = [
    one
    for one in routes()
    if not one.is_admin
    and set(one.places) & {"letter_id", "export_id"}
    and "access_id" not in one.places
]
"""Every address of a letter, or of a file of letters."""


def paper_of(letter_basis: str) -> dict[str, Any]:
    """A consent of the kind that a letter names in this column."""
    kind = {"authorization": "authorization", "part2_consent": "part2"}[letter_basis]
    return {
        "kind": kind,
        "reference": "Paper 12",
        "recipient": "Harbor TMS Center",
        "purpose": "Treatment of depression",
        "scope": "All of it",
        "covers_substance_use": True,
        "signed_by": "the patient",
        "signed_on": timezone.localdate(),
        "expires_on": timezone.localdate() + timedelta(days=90),
    }


class Given:
    """A signed letter and a draft under one consent, and a file that holds the letter."""

    def __init__(self, therapist: User, staff: User, basis: str) -> None:
        self.therapist, self.staff = therapist, staff
        decision = make_decision(therapist)
        with clinic_of(therapist):
            self.consent: Consent = record_consent(
                case=decision.case, actor=therapist, values=paper_of(basis)
            )
        shared = {} if basis == "part2_consent" else {"shared_for_treatment": False}
        under = {basis: self.consent, **shared}
        self.signed = sign(make_draft(therapist, decision, **under), therapist)
        self.draft = make_draft(therapist, decision, **under)
        self.other = make_signed(therapist)
        self.file = self.made_file()

    def made_file(self) -> Export:
        """A file of both signed letters, as the worker makes it."""
        with clinic_of(self.staff):
            export = ask_for_export(
                clinic=self.signed.clinic,
                by=self.staff,
                letters=[self.signed, self.other],
                kind=Export.Kind.ZIP,
            )
            run_export(export.pk)
            export.refresh_from_db()
        return export

    def revoke(self) -> None:
        """The patient takes it back."""
        with clinic_of(self.therapist):
            revoke_consent(consent=self.consent, actor=self.therapist, because="Taken back.")

    def files_handed_out(self, clients: Clients) -> list[str]:
        """Every address that gives a therapist or staff a file, whatever the method."""
        places = {"case_id": self.signed.case_id, "export_id": self.file.pk}
        people = [clients(person) for person in (self.therapist, self.staff)]
        found = []
        for route in DOORS:
            for letter in (self.signed, self.draft):
                asked = {**places, "letter_id": letter.pk}
                address = reverse(route.name, kwargs={name: asked[name] for name in route.places})
                for client in people:
                    for ask in (client.get, client.post):
                        answer = ask(address)
                        if answer.headers.get("Content-Type", "").startswith(FILES):
                            found.append(f"{route.name} {letter.status}")
        return sorted(set(found))

    def pages_of_letter(self, clients: Clients) -> dict[str, str]:
        """What each page of the signed letter says."""
        therapist, staff = clients(self.therapist), clients(self.staff)
        one = [self.signed.pk]
        asked = (
            (staff, "letters:detail", one),
            (staff, "desk:letter", one),
            (therapist, "letters:letter", [self.signed.case_id, *one]),
        )
        return {
            name: client.get(reverse(name, args=places)).content.decode()
            for client, name, places in asked
        }


@pytest.fixture(params=["authorization", pytest.param("part2_consent", marks=pytest.mark.long)])
def given(request: pytest.FixtureRequest, therapist: User, staff: User) -> Given:
    return Given(therapist, staff, request.param)


def test_f17_revoked_consent_closes_every_door(given: Given, client_for: Clients) -> None:
    open_before = given.files_handed_out(client_for)

    given.revoke()

    assert open_before == [
        "desk:export_one signed",
        "desk:file draft",
        "desk:file signed",
        "letters:draft_pdf draft",
        "letters:letter_text signed",
        "letters:pdf signed",
    ]
    assert given.files_handed_out(client_for) == []
    refused = Event.objects.filter(outcome=Outcome.REFUSED, reason="consent revoked")
    assert set(refused.values_list("action", flat=True)) == {
        "letter.copied",
        "letter.downloaded",
        "letter.draft_printed",
        "export.downloaded",
    }


def test_f17_each_page_of_the_letter_says_so(
    given: Given, client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no copy for an archive is made, where the installation has a certificate."""
    monkeypatch.setattr("decisions.letters.signed_views.is_offered", lambda: True)
    client, address = client_for(given.staff), reverse("letters:archive", args=[given.signed.pk])
    before = given.pages_of_letter(client_for)

    given.revoke()

    for name, page in given.pages_of_letter(client_for).items():
        assert "revoked the consent" not in before[name], name
        assert "The patient revoked the consent that this letter rests on" in page, name
        for link in ("letters:pdf", "letters:archive", "desk:export_one"):
            assert reverse(link, args=[given.signed.pk]) not in page, (name, link)
    assert client.get(address).status_code == 302


def test_f17_page_of_a_file_names_the_letter_and_another_letter_stays_open(
    given: Given, client_for: Clients
) -> None:
    given.revoke()
    client = client_for(given.staff)

    page = client.get(reverse("desk:export", args=[given.file.pk])).content.decode()
    of_another = client.get(reverse("letters:pdf", args=[given.other.pk]))

    assert "This file cannot be downloaded" in page
    assert given.signed.number in page
    assert reverse("desk:file", args=[given.file.pk]) not in page
    assert of_another["Content-Type"] == "application/pdf"
    with scopes_disabled():
        assert Letter.objects.get(pk=given.signed.pk).is_signed


def test_f17_consent_revoked_while_a_file_is_made_leaves_the_letter_out(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the letter was looked at, before the file is put together."""
    from decisions.desk import exporting

    finish = exporting._finish

    def revoke_and_finish(export: Export) -> None:
        given.revoke()
        finish(export)

    monkeypatch.setattr(exporting, "_finish", revoke_and_finish)
    export = given.made_file()

    with scopes_disabled():
        (left_out,) = export.items.filter(state=ExportItem.State.LEFT_OUT)
        assert left_out.letter_id == given.signed.pk
        assert export.state == Export.State.DONE
        assert given.signed.number.encode() not in bytes(export.file or b"")
        assert given.other.number.encode() in bytes(export.file or b"")


def test_pages_are_accessible(
    given: Given, signed_in_page: Callable[..., Page], fits: Callable[[Page], None]
) -> None:
    given.revoke()
    page = signed_in_page(given.staff)

    for name, place in (("letters:detail", given.signed.pk), ("desk:export", given.file.pk)):
        page.goto(reverse(name, args=[place]))
        fits(page)
