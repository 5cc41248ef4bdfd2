"""Signing a letter: drawn once, stored as it was seen, never changed again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.documents.digest import words_sha256
from decisions.documents.letter.missing import MissingBlock
from decisions.letters.actions import LetterChangedError, compose
from decisions.letters.composition import Composition
from decisions.letters.disclosure.actions import note_disclosure
from decisions.letters.models import Letter, Seal
from decisions.letters.recipients import columns_of
from decisions.letters.rendering import draw_pdf, identifier_of
from decisions.letters.signals import letter_signed
from decisions.letters.signer_tasks.tasks import close_replaced
from decisions.letters.signing.confirming import Confirmation
from decisions.letters.verification.codes import code_of
from decisions.letters.verification.verifying import noted_hash
from decisions.rules.logic.values import sha256_of
from evidence.curation.release_actions import locked_newest
from kapnet.core.people.models import User

STORED_AT_SIGNING = (
    *("status", "content", "pdf", "pdf_sha256", "signed_at", "signed_by"),
    *("words_sha256", "stricter_edition"),
)
"""The columns of a letter that its signature fills in."""


class LetterIsReplacedError(Exception):
    """Another signed letter has replaced the same letter already."""


class LetterNotConfirmedError(Exception):
    """Something that the signer has to confirm was not confirmed."""


class LetterIncompleteError(Exception):
    """Something that every signed letter has is missing; `missing` names it."""

    def __init__(self, missing: tuple[MissingBlock, ...]) -> None:
        super().__init__("; ".join(one.label for one in missing))
        self.missing = missing


def sign_letter(
    *,
    letter_id: UUID,
    actor: User,
    fingerprint: str,
    confirmed: Collection[Confirmation] = (),
    stated: Collection[str] = (),
    opened: Composition | None = None,
) -> Letter:
    """Sign a letter: draw it once, keep bytes and hash, lock it. Signing twice changes nothing.

    fingerprint: of the composition that the person was looking at. confirmed: what they confirmed
    besides. stated: the words found in the texts of which they said that they tell nothing of what
    is left out; every word found needs that, or another text. opened: the letter as this request
    read it. Raises LetterIncompleteError,
    LetterNotConfirmedError, LetterChangedError and LetterIsReplacedError.
    """
    now = timezone.now()
    drawn = replace(opened or compose(letter_id, actor), signed_at=now)
    if drawn.letter.is_signed:
        return drawn.letter
    _refuse_unseen(drawn, fingerprint, confirmed, stated)
    pdf = draw_pdf(drawn.text, letter_id=letter_id, drawn_at=now)
    try:
        with transaction.atomic():
            return _store(
                drawn,
                actor,
                pdf,
                now,
                fingerprint=fingerprint,
                confirmed=confirmed,
                stated=stated,
            )
    except IntegrityError as error:
        raise LetterIsReplacedError from error


def _refuse_unseen(
    composed: Composition,
    fingerprint: str,
    confirmed: Collection[Confirmation],
    stated: Collection[str],
) -> None:
    if composed.missing:
        raise LetterIncompleteError(composed.missing)
    if composed.fingerprint != fingerprint:
        raise LetterChangedError
    if not set(composed.confirmations) <= set(confirmed):
        raise LetterNotConfirmedError
    if not set(composed.words_found) <= set(stated):
        raise LetterNotConfirmedError


def _store(
    drawn: Composition,
    actor: User,
    pdf: bytes,
    now: datetime,
    *,
    fingerprint: str,
    confirmed: Collection[Confirmation],
    stated: Collection[str],
) -> Letter:
    """Keep what was drawn, if the rows still say that, and if that is what the signer saw.

    Both are asked of one composition, read under the lock: reading, composing and drawing take a
    moment, in which somebody else can save. A release waits until this is done, or this for the
    release, so that either the letter is refused or the release finds it signed.
    """
    locked_newest()
    Letter.objects.select_for_update().only("pk").get(pk=drawn.letter.pk)
    present = compose(drawn.letter.pk, actor, signed_at=now)
    letter = present.letter
    if letter.is_signed:
        return letter
    _refuse_unseen(present, fingerprint, confirmed, stated)
    if present.text.content_sha256 != drawn.text.content_sha256:
        raise LetterChangedError
    _fill_in_signature(present, actor, pdf, now)
    _note_signing(present, actor, now)
    if letter.replaces:
        close_replaced(letter=letter.replaces, actor=actor, closed_at=now)
    letter_signed.send(Letter, letter=letter)
    return letter


def _fill_in_signature(present: Composition, actor: User, pdf: bytes, now: datetime) -> None:
    """Store all that the letter says from now on, and seal it."""
    letter = present.letter
    named = columns_of(letter.recipient_site) if letter.recipient_site else {}
    for column, text in named.items():
        setattr(letter, column, text)
    letter.status = Letter.Status.SIGNED
    letter.content = present.text.model_dump(mode="json")
    letter.pdf, letter.pdf_sha256 = pdf, hashlib.sha256(pdf).hexdigest()
    letter.stricter_edition = present.judged.edition if present.judged else None
    letter.words_sha256 = words_sha256(letter.decision.edition)
    letter.signed_at, letter.signed_by = now, actor
    letter.save(update_fields=(*STORED_AT_SIGNING, *named))
    Seal.objects.create(
        letter=letter,
        code=code_of(letter.pk, now),
        identifier=identifier_of(present.text, letter_id=letter.pk).hex(),
        content_sha256=sha256_of(letter.content),
    )


def _note_signing(present: Composition, actor: User, now: datetime) -> None:
    """The events of a signature, with what its signer answered for."""
    letter = present.letter
    for one in present.confirmations:
        record_case_event(f"letter.{one}", letter.case, actor, letter.pk)
    if present.words_found:
        told = f"words answered for: {len(present.words_found)}"
        record_case_event("letter.words_stated", letter.case, actor, letter.pk, told)
    if present.material.sharing.leaves_in_emergency:
        note_disclosure(letter=letter, by=actor, at=now)
    hashed = noted_hash(letter.pdf_sha256)
    record_case_event("letter.signed", letter.case, actor, letter.pk, hashed)
