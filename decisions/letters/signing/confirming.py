"""What a signer confirms once more, because a rule of ours cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from decisions.letters.models import Letter
from kapnet.core.directory.models import Site


class Confirmation(StrEnum):
    """One thing that is confirmed with the signature, and written into the audit log."""

    BY_HAND = "recipient_by_hand"
    TREATMENT = "recipient_for_treatment"
    NOT_VERIFIED = "recipient_not_verified"
    NO_REFERRALS = "recipient_takes_none"
    TEXTS = "texts_read"
    DOUBTS = "contradictions_looked_at"
    EMERGENCY = "consent_cannot_be_obtained"


CONFIRMED = {
    Confirmation.BY_HAND: "I have checked the recipient: it is not from the directory",
    Confirmation.TREATMENT: "{recipient} treats this patient, or is asked to",
    Confirmation.NOT_VERIFIED: "I have checked the recipient: nobody has verified these details",
    Confirmation.NO_REFERRALS: "The recipient takes no referrals; I send it all the same",
    Confirmation.EMERGENCY: "This is a medical emergency, the patient’s consent cannot be "
    "obtained, the recipient is medical personnel, and the letter says no more than they need",
    Confirmation.TEXTS: "I have read every text of this letter: none tells what is left out",
    Confirmation.DOUBTS: "I have looked at what may not fit, and the letter is right as it is",
}
"""What the signer ticks, in their words. recipient: as the directory names them."""


def confirmations_of(
    letter: Letter, *, leaves_out: bool, is_doubted: bool = False, in_emergency: bool = False
) -> Iterator[Confirmation]:
    """What this letter needs, as its recipient is now.

    leaves_out: some answers may not leave. in_emergency: they leave without consent. is_doubted:
    parts of it do not fit each other.
    """
    site = letter.recipient_site
    if site is None:
        yield Confirmation.BY_HAND
    else:
        # Both may have been filled in for them: this is where a person says so.
        if letter.shared_for_treatment:
            yield Confirmation.TREATMENT
        if not site.is_verified:
            yield Confirmation.NOT_VERIFIED
        if site.accepts_referrals == Site.Accepts.NO:
            yield Confirmation.NO_REFERRALS
    if in_emergency:
        yield Confirmation.EMERGENCY
    if leaves_out:
        yield Confirmation.TEXTS
    if is_doubted:
        yield Confirmation.DOUBTS
