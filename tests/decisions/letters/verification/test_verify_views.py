"""Whoever received a letter asks whether it is genuine; one changed byte is never genuine."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from time import process_time
from typing import Any

import pikepdf
import pypdfium2
import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled
from page import ValidationProfile, validate_pdf_bytes

from decisions.letters.actions import save_draft, start_correction
from decisions.letters.models import Letter, Seal
from decisions.letters.verification.codes import qr_code, say_code
from decisions.letters.verification.verifying import LOOKED_AT
from decisions.letters.verification.views import LARGEST_BYTES
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.pdf_reading import pages_of, run_together
from tests.decisions.letters.stored_letters import make_signed, sign
from tests.kept import MADE_ONCE
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db

keeps, kept, clinic, therapist, staff, letter = MADE_ONCE


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


def test_s57_file_made_to_be_slow_is_answered_in_time(therapist: User) -> None:
    identifier = b"/ID [ (" + rb"\111" * 16 + b" "
    slow = b"%PDF-1.7\n" + identifier * (LARGEST_BYTES // len(identifier) - 1)

    started = process_time()

    assert "not known" in ask(slow).content.decode().lower()
    assert process_time() - started < 1


def test_identifier_is_looked_for_at_both_ends_alone(therapist: User, letter: Letter) -> None:
    identifier = b"/ID [<" + letter.seal.identifier.encode() + b">]"
    far = b" " * LOOKED_AT

    assert "Altered." in ask(b"%PDF-1.7 " + identifier + far * 2).content.decode()
    assert "Altered." in ask(b"%PDF-1.7 " + far * 2 + identifier).content.decode()
    assert "Altered." not in ask(b"%PDF-1.7 " + far + identifier + far).content.decode()


def replace_letter(letter: Letter, therapist: User) -> None:
    with clinic_of(therapist):
        draft = start_correction(letter=letter, actor=therapist)
        values = {"replaces_because": "Secret reason"}
        save_draft(letter=draft, actor=therapist, values=values, saved_at=draft.saved_at)
    sign(draft, therapist)


def test_signed_letter_is_genuine_and_nothing_of_the_patient_is_shown(letter: Letter) -> None:
    page = ask(bytes_of(letter)).content.decode()

    assert "Genuine." in page
    assert "Maren" not in page
    assert "Harbor" not in page
    assert Event.objects.get(action="letter.verified").reason == "genuine"


@pytest.mark.parametrize("place", [10, 1000, -10])
def test_s49_one_changed_byte_is_altered(place: int, letter: Letter) -> None:
    changed = bytearray(bytes_of(letter))
    changed[place] ^= 1

    page = ask(bytes(changed)).content.decode()

    assert "Altered." in page
    assert "Genuine" not in page
    assert "fake" not in page


def test_replaced_letter_is_superseded(therapist: User, letter: Letter) -> None:
    replace_letter(letter, therapist)

    page = ask(bytes_of(letter)).content.decode()

    assert "Superseded." in page
    assert "Secret reason" not in page


def test_letter_saved_again_by_another_program_is_altered(letter: Letter) -> None:
    again = BytesIO()
    with pikepdf.open(BytesIO(bytes_of(letter))) as document:
        document.save(again)

    assert "Altered." in ask(again.getvalue()).content.decode()


def test_pdf_without_the_mark_of_a_letter_is_not_known(db: None) -> None:
    assert "Not known here." in ask(b"%PDF-1.7 /ID [<" + b"0" * 32 + b">]").content.decode()


def test_mark_is_read_however_the_text_escapes_it(letter: Letter) -> None:
    with scopes_disabled():
        mark = bytes.fromhex(Seal.objects.get(letter=letter).identifier)

    octal = b"".join(f"\\{byte:03o}".encode() for byte in mark)

    assert "Altered." in ask(b"%PDF-1.7 /ID [(" + octal + b")]").content.decode()
    assert "Not known" in ask(b"%PDF-1.7 /ID [(" + b"\\9" * 16 + b")]").content.decode()


@for_each(
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
    therapist: User, staff: User, client_for: Callable[[User], Client], letter: Letter
) -> None:
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
    staff: User, client_for: Callable[[User], Client], letter: Letter
) -> None:
    damage(letter)

    page = client_for(staff).post(reverse("desk:export_one", args=[letter.pk]), follow=True)

    assert "The stored PDF was changed after signing" in page.content.decode()


# By code


def code_of_letter(letter: Letter) -> str:
    with scopes_disabled():
        return Seal.objects.get(letter=letter).code


def look_up(code: str) -> str:
    return Client().post(reverse("letters:verify"), {"code": code}).content.decode()


def test_code_on_paper_is_genuine_however_it_is_typed(letter: Letter) -> None:
    code = code_of_letter(letter)

    for typed in (code, say_code(code), f" {say_code(code).lower()} ", code.replace("0", "o")):
        page = look_up(typed)
        assert "Genuine code." in page
        assert "Maren" not in page
        assert "Harbor" not in page
    assert say_code(code) in str(letter.content)


def test_code_of_a_replaced_letter_is_superseded(therapist: User, letter: Letter) -> None:
    replace_letter(letter, therapist)

    assert "Superseded." in look_up(code_of_letter(letter))


def test_code_and_mark_that_two_clinics_have_lead_to_neither(
    letter: Letter, other_therapist: User
) -> None:
    other = make_signed(other_therapist)
    with scopes_disabled():
        own = Seal.objects.get(letter=letter)
    marked = b"%PDF-1.7 /ID [<" + own.identifier.encode() + b">]"
    assert "Genuine code." in look_up(own.code)
    assert "Altered." in ask(marked).content.decode()

    with triggers_off(), scopes_disabled():
        Seal.objects.filter(letter=other).update(code=own.code, identifier=own.identifier)

    assert "Not known here." in look_up(own.code)
    assert "Not known here." in ask(marked).content.decode()
    event = Event.objects.filter(action="letter.verified").latest("pk")
    assert (event.clinic_id, event.object_id) == (None, "")


def test_letter_is_looked_up_in_few_tables(letter: Letter) -> None:
    """Joins of ten tables of all clinics take PostgreSQL 50 ms to plan, for anybody who asks."""
    with CaptureQueriesContext(connection) as asked:
        assert "Genuine code." in look_up(code_of_letter(letter))
        assert "Genuine." in ask(bytes_of(letter)).content.decode()

    assert max(one["sql"].count(" JOIN ") for one in asked.captured_queries) <= 2


@pytest.mark.parametrize(("code", "status"), [("", 422), ("1234", 422), ("A" * 12, 200)])
def test_code_that_is_none_of_ours_says_so(db: None, code: str, status: int) -> None:
    response = Client().post(reverse("letters:verify"), {"code": code})

    assert response.status_code == status
    assert ("Not known here." in response.content.decode()) == (status == 200)


def test_code_of_a_damaged_letter_is_not_confirmed(letter: Letter) -> None:
    damage(letter)

    assert "Cannot be confirmed." in look_up(code_of_letter(letter))


def test_changed_content_is_damage_though_the_pdf_is_whole(therapist: User, letter: Letter) -> None:
    with triggers_off(), clinic_of(therapist):
        changed = {**(letter.content or {}), "request": "Please treat with something else"}
        Letter.objects.filter(pk=letter.pk).update(content=changed)

    assert "Cannot be confirmed." in look_up(code_of_letter(letter))


def test_codes_are_limited_too(therapist: User) -> None:
    statuses = [
        Client().post(reverse("letters:verify"), {"code": "A" * 12}).status_code for _ in range(21)
    ]

    assert statuses[-1] == 429
    assert set(statuses[:20]) == {200}


def test_seal_is_never_changed_or_removed(letter: Letter) -> None:
    with scopes_disabled():
        for change in (
            lambda: Seal.objects.filter(letter=letter).update(code="A" * 12),
            lambda: Seal.objects.filter(letter=letter).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_two_letters_have_two_codes(therapist: User) -> None:
    assert code_of_letter(make_signed(therapist)) != code_of_letter(make_signed(therapist))


def test_paper_carries_code_address_and_a_picture_of_them(therapist: User, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://kapnet.example"
    letter = make_signed(therapist)

    code = say_code(code_of_letter(letter))
    pdf = bytes_of(letter)
    text = "".join(pages_of(pdf))
    assert f"Code {code}" in text
    assert "Checkitatkapnet.example/verify/" in run_together(text)
    report = validate_pdf_bytes(pdf, profile=ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [one.message for one in report.failures]
    assert len(pages_of(pdf)) == 2
    with pypdfium2.PdfDocument(pdf) as document:
        first = document[0]
        assert all(0 < one.get_bounds()[2] < first.get_width() - 50 for one in first.get_objects())
    assert letter.content["check_address"] == f"https://kapnet.example/verify/?code={code}"


def test_qr_code_fills_the_code_in_and_asks_nothing_yet(db: None) -> None:
    page = Client().get(reverse("letters:verify"), {"code": "4F2A-91C0-7BE3"}).content.decode()

    assert 'value="4F2A-91C0-7BE3"' in page
    assert "Not known here." not in page
    assert not Event.objects.filter(action="letter.verified").exists()


def test_qr_code_is_the_address_that_is_printed() -> None:
    address = "https://kapnet.example/verify/?code=4F2A-91C0-7BE3"

    drawn = qr_code(address)

    expected = segno.make(address, error="m").matrix
    dark = {(row, column) for column, row in re.findall(r"M(\d+) (\d+)\.5h1", drawn.path)}
    assert dark == {
        (str(row + 4), str(column + 4))
        for row, modules in enumerate(expected)
        for column, module in enumerate(modules)
        if module
    }
    assert drawn.size == len(expected) + 8
