"""Which work it is: its DOI and PubMed ids, out of the places where programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evidence.domain.doi import as_doi, doi_of_address, same_doi

PUBMED_SAID = re.compile(
    r"\b(?:pmid|pubmed(?: ?id)?|medline)\b[\s:=#.-]{0,4}([0-9]{1,9})(?![0-9])", re.IGNORECASE
)
PUBMED_ADDRESS = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/([0-9]{1,9})(?![0-9])",
    re.IGNORECASE,
)
CENTRAL_SAID = re.compile(r"\b(PMC[0-9]{1,12})(?![0-9])", re.IGNORECASE)
CENTRAL_ADDRESS = re.compile(r"/(?:articles/)?(PMC[0-9]{1,12})(?![0-9])", re.IGNORECASE)
STATEMENT = re.compile(
    r"\b(?:pmid|pmcid|pmc|pubmed(?: ?id)?|embase|medline|doi)\b[\s:=]{0,4}[^\s,;|]{1,120}",
    re.IGNORECASE,
)


class Identity(NamedTuple):
    """The ids of a work; blank where none was found. `notes` say what did not fit."""

    doi: str
    pmid: str
    pmcid: str
    notes: tuple[str, ...]


def identify(
    *,
    doi: Iterable[str],
    pmid: Iterable[str],
    pmcid: Iterable[str],
    url: str,
    remarks: Iterable[str],
) -> Identity:
    """The ids of a work: of their own fields first, then of its address, then of its remarks."""
    said = [line for one in remarks for line in one[:2000].split("\n")]
    said = [line for line in said if _holds_ids_alone(line)]
    written = [one for one in doi if one.strip()]
    dois = _distinct(as_doi(one) for one in written)
    notes = list(_on_dois(written, dois))
    if not dois:
        dois = [found for one in said if (found := _doi_said(one))]
    return Identity(
        doi=next(iter(dois), "") or doi_of_address(url),
        pmid=_first(_pmids(pmid), PUBMED_ADDRESS.findall(url), _found(PUBMED_SAID, said)),
        pmcid=_first(
            _pmcids(pmcid), CENTRAL_ADDRESS.findall(url), _found(CENTRAL_SAID, said)
        ).upper(),
        notes=tuple(notes),
    )


def _holds_ids_alone(remark: str) -> bool:
    """In a longer remark the ids may be those of other works."""
    return bool(STATEMENT.search(remark)) and not STATEMENT.sub("", remark).strip(" \t,;|.")


def _distinct(dois: Iterable[str]) -> list[str]:
    return list({same_doi(one): one for one in reversed([one for one in dois if one])}.values())[
        ::-1
    ]


def _on_dois(written: list[str], found: list[str]) -> Iterator[str]:
    if written and not found:
        yield "What it gives as its DOI is none, and is left out."
    if len(found) > 1:
        yield f"It gives more than one DOI ({', '.join(found[:5])}); the first is taken."


def _doi_said(remark: str) -> str:
    found = re.search(r"\bdoi\b(.{1,200})", remark, re.IGNORECASE)
    return as_doi(found[1]) if found else ""


def _first(*lists: Iterable[str]) -> str:
    return next((one for found in lists for one in found), "")


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    return (found[1] for one in texts if (found := pattern.search(one)))


def _pmids(written: Iterable[str]) -> Iterator[str]:
    """A number, or words that say that it is one; other words as they are, to be told of."""
    for one in map(str.strip, written):
        found = PUBMED_SAID.search(one) or PUBMED_ADDRESS.search(one)
        if one:
            yield found[1] if found else one


def _pmcids(written: Iterable[str]) -> Iterator[str]:
    for one in map(str.strip, written):
        found = CENTRAL_SAID.search(one)
        if one:
            yield found[1] if found else f"PMC{one}" if one.isdigit() else one
