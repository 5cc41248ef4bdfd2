"""On what basis a letter may be shared, and which answers may not leave with it.

Treatment needs no paper; anything else needs an authorization. What a program under 42 CFR Part 2
recorded about substance use leaves only under a consent for it that names the recipient; a source
that nobody knows counts as such a program.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Literal

from decisions.rules.logic.plain_values import Plain
from decisions.rules.logic.values import Frozen

Basis = Literal["", "treatment", "authorization"]
SubstanceSource = Literal["", "self_report", "own_assessment", "part2_program", "unknown"]
FREE_SOURCES = frozenset({"self_report", "own_assessment"})
"""Sources whose facts leave as all others do."""


class ConsentProblem(StrEnum):
    """Why a consent does not reach this letter."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    RECIPIENT = "recipient"
    COPIES = "copies"
    SCOPE = "scope"


class Consent(Frozen):
    """What a patient signed: who may get what, and until when.

    for_all_who_treat: it names treating providers as a class. expires_with: an event, where it
    names no day.
    """

    reference: Plain
    recipient: Plain = ""
    for_all_who_treat: bool = False
    scope: Plain
    covers_substance_use: bool = False
    signed_on: date
    expires_on: date | None = None
    expires_with: Plain = ""
    is_revoked: bool = False

    def problem(
        self, *, names: Iterable[str], has_copies: bool, on: date, substance_use: bool
    ) -> ConsentProblem | None:
        """Why it does not reach a letter to somebody with these names, or None where it does."""
        if self.is_revoked:
            return ConsentProblem.REVOKED
        if self.expires_on is not None and self.expires_on < on:
            return ConsentProblem.EXPIRED
        if on < self.signed_on:
            return ConsentProblem.NOT_YET
        if substance_use and not self.covers_substance_use:
            return ConsentProblem.SCOPE
        if self.for_all_who_treat:
            return None
        if folded(self.recipient) not in {folded(name) for name in names if name}:
            return ConsentProblem.RECIPIENT
        return ConsentProblem.COPIES if has_copies else None


class Sharing(Frozen):
    """What was said about sharing: for the case where the answers come from, for the letter why."""

    basis: Basis = ""
    authorization: Consent | None = None
    part2_consent: Consent | None = None
    substance_source: SubstanceSource = ""
    medical_emergency: Plain = ""
    """Its nature, where medical personnel need records of a program and consent cannot be had."""

    @property
    def leaves_in_emergency(self) -> bool:
        """Whether records of a program leave without consent (42 CFR 2.51)."""
        return self.needs_part2_consent and bool(self.medical_emergency)

    @property
    def needs_part2_consent(self) -> bool:
        """Whether answers on substance use come from a program, or nobody knows from where."""
        return self.substance_source not in FREE_SOURCES


def folded(name: str) -> str:
    """A name as it is compared: without case, and with single spaces."""
    return " ".join(name.split()).casefold()
