"""Whether every letter that was signed is still there, as it was signed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django_scopes import scopes_disabled

from decisions.letters.models import Letter
from decisions.letters.queries import signed_letters
from decisions.letters.verification.verifying import is_intact, noted_hash
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.encryption.keys import NO_KEY_FITS
from kapnet.core.encryption.rotation import keys_fit

AT_ONCE = 100
"""Letters in memory at a time."""


def letters_not_as_signed() -> Iterator[str]:
    """A sentence for each letter of any clinic that was changed or removed after signing."""
    with scopes_disabled():
        yield from _changed()
        yield from _against_the_audit_log()


def _changed() -> Iterator[str]:
    if not keys_fit():
        yield NO_KEY_FITS
        return
    for letter in signed_letters().select_related("seal").iterator(chunk_size=AT_ONCE):
        if not is_intact(letter):
            yield f"Letter {letter.number} (id {letter.pk}) is not what was signed."


def _against_the_audit_log() -> Iterator[str]:
    """Letters that are gone, or whose hash is not the one that the audit log noted at signing."""
    signed = Event.objects.filter(action="letter.signed", outcome=Outcome.DONE).order_by("id")
    events = signed.values_list("object_id", "reason").iterator(chunk_size=AT_ONCE)
    while noted := {UUID(letter): reason for letter, reason in islice(events, AT_ONCE)}:
        there = Letter.objects.filter(pk__in=noted, status=Letter.Status.SIGNED)
        hashes = dict(there.values_list("pk", "pdf_sha256"))
        for letter, reason in noted.items():
            if letter not in hashes:
                yield f"The letter with id {letter} was signed and is gone."
            elif reason and reason != noted_hash(hashes[letter]):
                yield f"The letter with id {letter} has another PDF than the audit log noted."
