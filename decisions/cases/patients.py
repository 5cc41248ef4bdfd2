"""Who a case is about: the details as one value, and cases that may be of the same patient."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from decisions.cases.finding.name_index import named
from decisions.cases.models import Case
from kapnet.core.encryption.blind_index import letters_of
from kapnet.core.people.models import Clinic

WORD = re.compile(r"[^\W_]+")
SHORTEST_WORD = 2
"""Letters that a word needs to tell anything; an initial is one."""


class Details(NamedTuple):
    """Name or initials, date of birth, and the clinician's own reference, as they are written."""

    patient_name: str
    date_of_birth: date | None
    reference: str


def details_of(case: Case) -> Details:
    """Those of a case as they are now."""
    return Details(case.patient_name, case.date_of_birth, case.reference)


def possible_duplicates(clinic: Clinic, of: Details, *, but: Case | None = None) -> list[Case]:
    """Cases of the clinic that may be about the same patient, the oldest first.

    By the reference; by the whole name, unless the dates of birth differ; by one word of the name
    and the date of birth.
    """
    found = Q(pk__in=[])
    for word in WORD.findall(f"{of.patient_name} {of.reference}"):
        found |= named(word, clinic.pk)
    cases = Case.objects.filter(found).select_related("therapist").order_by("number")
    others = cases.exclude(pk=but.pk) if but else cases
    return [one for one in others if _may_be_the_same(details_of(one), of)]


def _may_be_the_same(one: Details, other: Details) -> bool:
    if one.reference and letters_of(one.reference) == letters_of(other.reference) != "":
        return True
    births = {one.date_of_birth, other.date_of_birth}
    theirs, ours = _words(one.patient_name), _words(other.patient_name)
    if theirs == ours:
        return len(births) == 1 or None in births
    telling = {word for word in theirs & ours if len(word) >= SHORTEST_WORD}
    return bool(telling) and len(births) == 1 and None not in births


def _words(name: str) -> frozenset[str]:
    return frozenset(filter(None, map(letters_of, name.split())))
