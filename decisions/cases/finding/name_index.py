"""Finding cases by how a word of the patient's name or reference begins, or by their number."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from decisions.cases.models import NameDigest
from kapnet.core.encryption.blind_index import searched_digests

LONGEST_NUMBER = 9
"""Digits that a case can have."""


def named(word: str, clinic_id: UUID, *, at: str = "pk") -> Q:
    """Rows whose case is found by this word. at: where they have the key of the case."""
    digests = searched_digests(word, within=clinic_id)
    if not digests:
        return Q(pk__in=[])
    found = NameDigest.objects.filter(clinic_id=clinic_id, digest__in=digests)
    return Q(**{f"{at}__in": found.values("case_id")})


def number_in(words: str) -> int | None:
    """The number of a case that these words are, as 12, 0012 or Case 0012; None for a name."""
    said = words.lower().removeprefix("case").strip()
    is_number = said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER
    return int(said) if is_number else None
