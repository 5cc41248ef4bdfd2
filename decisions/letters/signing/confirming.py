"""What a signer confirms once more, because a rule of ours cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from decisions.letters.models import Letter
from kapnet.core.directory.models import Site


class Confirmation(StrEnum):
    """One thing that is confirmed with the signature, and written into the audit trail."""

    BY_HAND = "recipient_by_hand"
    NOT_VERIFIED = "recipient_not_verified"
    NO_REFERRALS = "recipient_takes_none"
    TEXTS = "texts_read"
    EMERGENCY = "consent_cannot_be_obtained"


def confirmations_of(
    letter: Letter, *, leaves_out: bool, in_emergency: bool = False
) -> Iterator[Confirmation]:
    """What this letter needs, as its recipient is now.

    leaves_out: some answers may not leave. in_emergency: they leave without consent.
    """
    site = letter.recipient_site
    if site is None:
        yield Confirmation.BY_HAND
    else:
        if not site.is_verified:
            yield Confirmation.NOT_VERIFIED
        if site.accepts_referrals == Site.Accepts.NO:
            yield Confirmation.NO_REFERRALS
    if in_emergency:
        yield Confirmation.EMERGENCY
    if leaves_out:
        yield Confirmation.TEXTS
