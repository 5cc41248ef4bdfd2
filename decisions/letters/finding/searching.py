"""Signed letters by their words and numbers. Each way has an index that PostgreSQL may use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, QuerySet

from decisions.cases.finding.name_index import named
from decisions.letters.models import CopyDigest, Letter
from kapnet.core.encryption.blind_index import searched_digests
from kapnet.core.text import plain_letters

YEAR_DIGITS, SEQUENCE_DIGITS = 4, 4
BEGINNING = re.compile(
    r"(?:L-)?(?P<year>\d{1,4})(?:-(?P<sequence>\d{0,9}))?",
    re.ASCII | re.IGNORECASE,
)
END = re.compile(r"\d{1,9}", re.ASCII)
"""Of a letter's number as it is printed."""


def search_signed(words: str, clinic_id: UUID) -> QuerySet[Letter]:
    """Signed letters of a clinic in which every one of these words is.

    Their number; anywhere in the recipient; at the beginning of a word of the patient's name or
    reference, and of those who get copies, since these are encrypted. In plain letters, too.
    """
    found = _signed()
    for word in words.split():
        found = found.filter(pk__in=_with(word, clinic_id))
    return found


def _signed() -> QuerySet[Letter]:
    return Letter.objects.filter(status=Letter.Status.SIGNED).order_by()


def _with(word: str, clinic_id: UUID) -> QuerySet[Letter, UUID]:
    """One query a way in which a word can fit, so that each is answered by an index."""
    copied = CopyDigest.objects.filter(digest__in=searched_digests(word, within=clinic_id))
    ways = [
        named(word, clinic_id, at="case"),
        Q(pk__in=copied.values("letter")),
        *_to(word),
        _numbered(word),
    ]
    first, *others = (_signed().filter(one).values_list("pk", flat=True) for one in ways)
    return first.union(*others)


def _to(word: str) -> Iterator[Q]:
    """Letters to whom this word names; a clinic writes many letters to few people."""
    asked = plain_letters(word)
    for field in ("recipient_name", "recipient_organization"):
        names = _signed().values_list(field, flat=True).distinct()
        yield Q(**{f"{field}__in": [one for one in names if asked in plain_letters(one)]})


def _numbered(word: str) -> Q:
    """The letters whose number begins so, as L-20 or L-2026-00, or ends so: 2026-0012, 0012, 12."""
    if END.fullmatch(word):
        return Q(sequence=int(word)) | Q(year=int(word))
    said = BEGINNING.fullmatch(word)
    if said is None:
        return Q(pk__in=[])
    of_year = _from_to("year", said["year"], YEAR_DIGITS)
    if not said["sequence"]:
        return of_year
    begins = _from_to("sequence", said["sequence"], SEQUENCE_DIGITS)
    return of_year & (begins | Q(sequence=int(said["sequence"])))


def _from_to(column: str, digits: str, of: int) -> Q:
    """Numbers of so many digits that begin with these."""
    rest = 10 ** max(of - len(digits), 0)
    return Q(**{f"{column}__range": (int(digits) * rest, (int(digits) + 1) * rest - 1)})
