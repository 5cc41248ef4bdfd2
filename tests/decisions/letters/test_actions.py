"""Signing for good: the database lets no one change or remove what was signed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django_scopes import scopes_disabled

from decisions.letters.actions import (
    LetterChangedError,
    LetterIsSignedError,
    save_draft,
    start_correction,
)
from decisions.letters.models import Letter
from decisions.letters.reading import signed_content
from decisions.letters.signing.actions import (
    LetterIncompleteError,
    LetterIsReplacedError,
    sign_letter,
)
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import (
    DRAFT,
    fingerprint_of,
    make_decision,
    make_draft,
    make_signed,
    sign,
    write_facts,
)

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
def test_numbers_count_within_clinic_and_year(therapist: User, other_therapist: User) -> None:
    first, second = make_draft(therapist), make_draft(therapist)
    elsewhere = make_draft(other_therapist)

    year = date.today().year  # noqa: DTZ011, the year of the clinic's clock is the same
    assert [first.number, second.number] == [f"L-{year}-0001", f"L-{year}-0002"]
    assert elsewhere.number == f"L-{year}-0001"


def test_draft_begins_with_choice_reasoning_and_speed_of_the_decision(therapist: User) -> None:
    letter = make_draft(therapist, request_option="repeat_tms")

    assert letter.request_option == "repeat_tms"
    assert letter.request_how_soon == "weeks"
    assert letter.reasoning == letter.decision.reasoning


def test_signed_content_is_what_was_signed(therapist: User) -> None:
    letter = make_signed(therapist)

    content = signed_content(letter)
    assert content.number == letter.number
    assert content.signed_at == letter.signed_at
    assert content.signature.line == "Signed: Dr. A. Sample"


@pytest.mark.both_databases
@for_each(
    "change",
    [{"reasoning": "Other"}, {"pdf": b"x"}, {"status": "draft"}, {"signed_at": None}],
    undone=True,
)
def test_signed_row_cannot_be_changed(therapist: User, change: dict[str, object]) -> None:
    letter = make_signed(therapist)

    with (
        scopes_disabled(),
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
    ):
        Letter.objects.filter(pk=letter.pk).update(**change)


@pytest.mark.both_databases
def test_signed_row_cannot_be_removed(therapist: User) -> None:
    letter = make_signed(therapist)

    with (
        scopes_disabled(),
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
    ):
        Letter.objects.filter(pk=letter.pk)._raw_delete("default")


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [{"status": "signed"}, {"pdf": b"x"}, {"pdf_sha256": "0" * 64}])
def test_half_signed_row_is_refused(therapist: User, change: dict[str, object]) -> None:
    letter = make_draft(therapist)

    with scopes_disabled(), pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)


def test_sign_what_lacks_something_is_refused(therapist: User) -> None:
    letter = make_draft(therapist, reasoning="")

    with pytest.raises(LetterIncompleteError, match="Your own reasoning"):
        sign(letter, therapist)


def test_sign_what_was_not_seen_is_refused(therapist: User) -> None:
    letter = make_draft(therapist)
    seen = fingerprint_of(letter, therapist)
    write_facts(letter.case, therapist, diagnosis_code="F33.1")

    with clinic_of(therapist), pytest.raises(LetterChangedError):
        sign_letter(letter_id=letter.pk, actor=therapist, fingerprint=seen)


def test_save_what_is_signed_is_refused(therapist: User) -> None:
    letter = make_signed(therapist)

    with clinic_of(therapist), pytest.raises(LetterIsSignedError):
        save_draft(letter=letter, actor=therapist, values=DRAFT, saved_at=letter.saved_at)


@pytest.mark.both_databases
def test_letter_is_replaced_once(therapist: User) -> None:
    letter = make_signed(therapist)
    with clinic_of(therapist):
        first = start_correction(letter=letter, actor=therapist)
        assert start_correction(letter=letter, actor=therapist) == first
    sign(because_of_the_day(first, therapist), therapist)
    with clinic_of(therapist):
        second = start_correction(letter=letter, actor=therapist)

    with pytest.raises(LetterIsReplacedError):
        sign(because_of_the_day(second, therapist), therapist)


def because_of_the_day(draft: Letter, therapist: User) -> Letter:
    values = {"replaces_because": "Wrong day"}
    with clinic_of(therapist):
        save_draft(letter=draft, actor=therapist, values=values, saved_at=draft.saved_at)
    return draft


def test_letter_of_none_of_these_now_is_signed_with_the_next_look(therapist: User) -> None:
    decision = make_decision(therapist, chosen="none_now")
    values = {
        "request_kind": "advise",
        "request_option": "none_now",
        "next_look_on": date(2027, 1, 4),
        "next_look_by": "Dr. A. Sample",
    }

    letter = sign(make_draft(therapist, decision, **values), therapist)

    assert "The next look is on 4 January 2027; Dr. A. Sample holds it." in str(letter.content)
