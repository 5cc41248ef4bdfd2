"""Every shared read of corrections to who a case is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from decisions.cases.models import Case
from decisions.cases.patients import Details, details_of
from decisions.documents.letter.phrasing import say_date
from decisions.patient.models import PatientCorrection, PatientNeeds

LABELS = {"patient_name": "name", "date_of_birth": "date of birth", "reference": "reference"}
"""What a sentence calls each of the details."""


def corrections_of(case: Case) -> QuerySet[PatientCorrection]:
    """The corrections of a case, the oldest first."""
    return PatientCorrection.objects.filter(case=case).select_related("corrected_by")


class Corrected(NamedTuple):
    """One correction, and what the details became by it."""

    correction: PatientCorrection
    after: Details

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """What it changed: what it is called, what it was, what it became."""
        before = self.correction.before
        return [
            (label, say_detail(getattr(before, name)), say_detail(getattr(self.after, name)))
            for name, label in LABELS.items()
            if getattr(before, name) != getattr(self.after, name)
        ]


def corrected_in(case: Case) -> list[Corrected]:
    """Each correction with what came of it, the newest first."""
    rows = list(corrections_of(case))
    after = [one.before for one in rows[1:]] + [details_of(case)] * bool(rows)
    return [Corrected(one, then) for one, then in zip(rows, after, strict=True)][::-1]


def details_at(case: Case, moment: datetime) -> Details:
    """What the case said of its patient then."""
    later = corrections_of(case).filter(corrected_at__gt=moment).first()
    return later.before if later else details_of(case)


def corrected_since(case: Case, moment: datetime) -> tuple[str, ...]:
    """What was corrected since then, each with its old value, as "name (was R. D.)"."""
    return tuple(differences(details_at(case, moment), details_of(case)))


def differences(before: Details, after: Details) -> Iterator[str]:
    """What differs, in words, each with its old value."""
    for name, label in LABELS.items():
        old = getattr(before, name)
        if old != getattr(after, name):
            yield f"{label} (was {say_detail(old)})"


def say_detail(value: str | date | None) -> str:
    """One of the details as a sentence has it."""
    if isinstance(value, date):
        return say_date(value)
    return value or "not known"


def needs_of(case: Case) -> PatientNeeds | None:
    """How to speak with the patient; None while nobody has said anything."""
    return PatientNeeds.objects.filter(case=case).first()
