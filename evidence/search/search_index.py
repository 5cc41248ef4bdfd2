"""The index in the database: made with a release, read by the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction

from evidence.domain.entries import EvidenceBase
from evidence.models import Release
from evidence.queries import evidence_of
from evidence.search.postings import Place, Postings, postings_of
from evidence.search_models import SearchIndex, SearchTerm

ROWS_AT_ONCE = 2_000


class Lookup(Protocol):
    """Finds postings, wherever they are kept."""

    def exactly(self, terms: Iterable[str]) -> Postings:
        """The postings of those of these terms that occur."""
        ...

    def beginning_with(self, start: str) -> Postings:
        """The postings of every term that begins so."""
        ...


@transaction.atomic
def make_index(evidence: EvidenceBase) -> None:
    """Index this evidence in the place of whatever was indexed before."""
    SearchTerm.objects.all().delete()
    SearchIndex.objects.all().delete()
    index = SearchIndex.objects.create(sha256=evidence.sha256)
    rows = (
        SearchTerm(index=index, place=place, term=term, keys=" ".join(keys))
        for (place, term), keys in postings_of(evidence).items()
    )
    SearchTerm.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def index_release(*, release: Release, **_: Any) -> None:
    """Index a release, inside the transaction that makes it."""
    make_index(evidence_of(release))


def index_if_missing(release: Release) -> None:
    """Index the newest release where an update of the program found it without."""
    if not SearchIndex.objects.filter(sha256=release.sha256).exists():
        make_index(evidence_of(release))


def lookup_for(evidence: EvidenceBase) -> Lookup:
    """The index in the database where it is of this very evidence, else one in the process."""
    found = SearchIndex.objects.filter(sha256=evidence.sha256)
    index = found.values_list("pk", flat=True).first()
    return InDatabase(index) if index else InProcess(evidence)


@dataclass(frozen=True)
class InDatabase:
    """The index of the newest release."""

    index: int

    def exactly(self, terms: Iterable[str]) -> Postings:
        """One query for all terms."""
        return self._read(term__in=set(terms))

    def beginning_with(self, start: str) -> Postings:
        """One query by the index of terms."""
        return self._read(term__startswith=start)

    def _read(self, **fits: object) -> Postings:
        rows = SearchTerm.objects.filter(index_id=self.index, **fits)
        return {
            (Place(place), term): tuple(keys.split(" "))
            for place, term, keys in rows.values_list("place", "term", "keys")
        }


@dataclass(frozen=True)
class InProcess:
    """The index of any other evidence, built when it is first asked for."""

    evidence: EvidenceBase

    def exactly(self, terms: Iterable[str]) -> Postings:
        """Looked up term by term."""
        postings = postings_of(self.evidence)
        asked = ((place, term) for term in set(terms) for place in Place)
        return {one: postings[one] for one in asked if one in postings}

    def beginning_with(self, start: str) -> Postings:
        """Every term is looked at."""
        postings = postings_of(self.evidence)
        return {(place, t): keys for (place, t), keys in postings.items() if t.startswith(start)}
