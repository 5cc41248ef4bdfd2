"""A letter that nobody signed is still open when its case is closed."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from decisions.cases.models import Case
from decisions.cases.told import OpenEnd
from decisions.letters.models import Letter
from decisions.letters.queries import letters_of


def unsigned_letters(case: Case) -> Iterator[OpenEnd]:
    """Each draft: it can be signed only while the case is open."""
    for letter in letters_of(case).filter(status=Letter.Status.DRAFT):
        url = reverse("letters:letter", args=[case.pk, letter.pk])
        yield OpenEnd(f"Letter {letter.number} is not signed", url)
