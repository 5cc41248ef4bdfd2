"""Whoever received a letter asks whether it is genuine; one changed byte is never genuine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from decisions.letters.actions import save_draft, start_correction
from decisions.letters.models import Letter
from kapnet.audit.models import Event
from kapnet.clinics.models import User
from tests.conftest import triggers_off
from tests.decisions.case_factories import clinic_of
from tests.letters.stored_letters import make_signed, sign

pytestmark = pytest.mark.django_db


def ask(content: bytes, name: str = "L-2026-0001.pdf") -> HttpResponse:
    file = SimpleUploadedFile(name, content, "application/pdf")
    response: HttpResponse = Client().post(reverse("letters:verify"), {"pdf": file})  # type: ignore[assignment]
    return response


def bytes_of(letter: Letter) -> bytes:
    return bytes(letter.pdf or b"")


def damage(letter: Letter) -> None:
    changed = bytearray(bytes_of(letter))
    changed[1000] ^= 1
    with triggers_off(), clinic_of(letter.signed_by):  # type: ignore[arg-type]
        Letter.objects.filter(pk=letter.pk).update(pdf=bytes(changed))


def test_signed_letter_is_genuine_and_nothing_of_the_patient_is_shown(therapist: User) -> None:
    page = ask(bytes_of(make_signed(therapist))).content.decode()

    assert "Genuine." in page
    assert "Maren" not in page
    assert "Harbor" not in page
    assert Event.objects.get(action="letter.verified").reason == "genuine"


@pytest.mark.parametrize("place", [10, 1000, -10])
def test_s49_one_changed_byte_is_not_known(therapist: User, place: int) -> None:
    changed = bytearray(bytes_of(make_signed(therapist)))
    changed[place] ^= 1

    page = ask(bytes(changed)).content.decode()

    assert "Not known here." in page
    assert "Genuine" not in page
    assert "fake" not in page


def test_replaced_letter_is_superseded(therapist: User) -> None:
    letter = make_signed(therapist)
    with clinic_of(therapist):
        draft = start_correction(letter=letter, actor=therapist)
        values = {"replaces_because": "Secret reason"}
        save_draft(letter=draft, actor=therapist, values=values, saved_at=draft.saved_at)
    sign(draft, therapist)

    page = ask(bytes_of(letter)).content.decode()

    assert "Superseded." in page
    assert "Secret reason" not in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PDF"),
        (b"PK\x03\x04%PDF-1.7", "no PDF"),
        (b"%PDF-1.7" + b"0" * 2_000_000, "larger than any letter"),
    ],
)
def test_s61_strange_upload_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    response = ask(content)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_nothing_chosen_is_said(db: None) -> None:
    response = Client().post(reverse("letters:verify"), {})

    assert response.status_code == 422
    assert "Choose the PDF of the letter" in response.content.decode()


def test_tries_have_a_limit(db: None) -> None:
    codes = [ask(b"%PDF-1.7 unknown").status_code for _ in range(21)]

    assert codes == [200] * 20 + [429]


def test_s49_changed_row_has_a_banner_and_is_not_downloaded(
    therapist: User, staff: User, client_for: Callable[[User], Client]
) -> None:
    letter = make_signed(therapist)
    whole = client_for(staff).get(reverse("letters:detail", args=[letter.pk])).content.decode()
    damage(letter)

    page = client_for(staff).get(reverse("letters:pdf", args=[letter.pk]), follow=True)
    own = client_for(therapist).get(reverse("letters:letter", args=[letter.case_id, letter.pk]))

    assert "was changed after signing" not in whole
    for html in (page.content.decode(), own.content.decode()):
        assert "The stored PDF was changed after signing" in html
        assert reverse("letters:pdf", args=[letter.pk]) not in html
    assert Event.objects.filter(action="letter.downloaded", outcome="refused").count() == 1


def test_s49_changed_row_is_not_exported_by_the_desk(
    therapist: User, staff: User, client_for: Callable[[User], Client]
) -> None:
    letter = make_signed(therapist)
    damage(letter)

    page = client_for(staff).post(reverse("desk:export_one", args=[letter.pk]), follow=True)

    assert "The stored PDF was changed after signing" in page.content.decode()
