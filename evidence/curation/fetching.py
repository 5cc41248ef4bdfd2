"""One reference by its DOI or PubMed id, asked of Crossref or PubMed, and a draft of it."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.conf import settings
from django.db import transaction

from evidence.curation.actions import CurationRefused, save_entry
from evidence.domain.doi import as_doi, same_doi
from evidence.domain.terms import Kind
from evidence.exchange.duplicates import find_duplicates, source_from, source_key
from evidence.exchange.reading import read_file
from evidence.exchange.work import FileRefused, ReadEntry
from evidence.models import Source
from evidence.queries import evidence_in_rows
from evidence.web import FetchFailed, get
from kapnet.core.people.models import User

CSL = "application/vnd.citationstyles.csl+json"
PMID = re.compile(r"[1-9][0-9]{0,8}")


def fetch_reference(identifier: str) -> ReadEntry:
    """What Crossref (for a DOI) or PubMed (for its id) says of one work.

    Raises FetchFailed where nothing came that can be used.
    """
    asked = identifier.strip()
    try:
        (entry,) = read_file(_answer(asked)).entries
    except (FileRefused, ValueError) as refused:
        raise FetchFailed(f"The answer is no reference: {refused}") from refused
    if entry.errors:
        raise FetchFailed(" ".join(entry.errors))
    if same_doi(asked) != same_doi(entry.doi or "") and asked != entry.pmid:
        raise FetchFailed("The answer is about another work; nothing was drafted.")
    return entry


def _answer(identifier: str) -> bytes:
    if doi := as_doi(identifier).lower():
        address = settings.CROSSREF_ADDRESS.rstrip("/")
        path = f"/works/{quote(doi, safe='')}/transform/{CSL}"
        return get(address + path, hosts=settings.CROSSREF_HOSTS, accept=CSL, who="Crossref")
    if PMID.fullmatch(identifier):
        address = settings.PUBMED_ADDRESS.rstrip("/")
        path = f"/entrez/eutils/efetch.fcgi?db=pubmed&retmode=xml&id={identifier}"
        return get(address + path, hosts=settings.PUBMED_HOSTS, accept="text/xml", who="PubMed")
    raise FetchFailed("This is neither a DOI (10.…/…) nor a PubMed id (a number).")


@transaction.atomic
def draft_from(*, entry: ReadEntry, kind: Kind | None, by: User, reason: str) -> str:
    """Make a draft of a work, counted as read by nobody; the key of the source.

    kind: where the answer does not tell. Raises CurationRefused.
    """
    same = find_duplicates([entry], evidence_in_rows("fetch").sources).get(entry.row)
    if same:
        raise CurationRefused(f"It is here already as {same.key}, by {same.by}.")
    kind = entry.kind or kind
    if kind is None:
        raise CurationRefused("The answer does not tell its kind: name it with --kind.")
    key = source_key(entry, set(Source.objects.values_list("key", flat=True)))
    save_entry(entry=source_from(entry, key=key, kind=kind), by=by, reason=reason)
    return key
