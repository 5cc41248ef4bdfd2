"""RIS: one tag a line. A record starts with TY or what is before it, and ends with ER."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.domain.doi import as_doi, doi_of_address
from evidence.exchange.lines import Tags, add, add_line, every, first
from evidence.exchange.people import people_in
from evidence.exchange.work import MAX_AUTHORS, Found, Unread

TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)", re.DOTALL)
TITLES = ("TI", "T1", "CT", "BT")
REMARKS = (
    *("N1", "KW", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "PM", "U1", "U2", "U3"),
    *("U4", "U5", "M1", "M2", "M3", "L1", "L2", "L3", "L4", "LK", "AN", "PT"),
)
"""Where programs write what the format has no tag for: numbers of PubMed, what was taken back."""


def read_ris(text: str) -> Iterator[Found | Unread]:
    """The works of a RIS file. Words around the records are passed over."""
    tags: Tags = {}
    started = 0
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = TAG.match(line)
        if found is None:
            # Words before TY belong to no record: what was read so far is none, or goes on.
            if "TY" in tags or every(tags, *TITLES):
                add_line(tags, line)
            elif line.strip():
                tags = {}
        elif found[1] == "ER" and _ends(found[2], lines[number : number + 5]):
            yield from _record(tags)
            tags = {}
        elif found[1] == "ER":
            add_line(tags, line)
        else:
            if found[1] == "TY" and "TY" in tags:
                yield from _record(tags, note="Its end (ER) is missing: compare it with the file.")
                tags = {}
            started = started if tags else number
            add(tags, found[1], found[2])
    if "TY" in tags or every(tags, *TITLES):
        yield Unread(line=started, why=f"{_name(tags)} has no end (ER): the file is cut off there.")


def _ends(rest: str, following: list[str]) -> bool:
    """Whether a line with ER ends the record: it holds no words, or the next record follows."""
    after = next((line for line in following if line.strip()), "TY  - ")
    return not rest.strip() or bool(re.match(r"TY {1,2}-", after))


def _name(tags: Tags) -> str:
    title = " ".join(first(tags, *TITLES).split())[:80]
    return f"The reference “{title}”" if title else "The last reference"


def _record(tags: Tags, note: str = "") -> Iterator[Found]:
    if "TY" in tags or every(tags, *TITLES):
        yield _of_ris(tags, note)


def _of_ris(tags: Tags, note: str) -> Found:
    authors = (tags.get("AU") or tags.get("A1") or [])[: MAX_AUTHORS + 1]
    return {
        "key": first(tags, "ID"),
        "types": every(tags, "M3", "PT"),
        "short_name": first(tags, "ST"),
        "title": first(tags, *TITLES),
        "authors": [name for one in authors for name in people_in(one)],
        "year": first(tags, "PY", "Y1", "YR", "DA"),
        "journal": first(tags, "T2", "JF", "JO", "JA"),
        "volume": first(tags, "VL"),
        "issue": first(tags, "IS"),
        "pages": _pages(first(tags, "SP"), first(tags, "EP")) or first(tags, "AR"),
        "doi": [
            *every(tags, "DO", "DI"),
            *(one for one in every(tags, "M3", "L3") if as_doi(one)),
            *(one for one in every(tags, "UR", "LK", "L1", "L2") if doi_of_address(one)),
            *(one for one in every(tags, "N1") if re.match(r"doi\b", one, re.IGNORECASE)),
        ],
        "pmid": _pubmed_ids(tags),
        "pmcid": [one for one in every(tags, "C2", "PC") if one.startswith("PMC")],
        "url": first(tags, "UR", "LK"),
        "abstract": first(tags, "AB", "N2"),
        "remarks": every(tags, *REMARKS),
        "notes": [note] if note else [],
    }


def _pages(start: str, end: str) -> str:
    """Some write the whole range as the first page, and the last page again."""
    start, end = start.strip(), end.strip()
    if end in ("", start) or (re.search(r"[-–]", start) and start.endswith(end)):
        return start
    return f"{start}-{end}" if start else end


def _pubmed_ids(tags: Tags) -> list[str]:
    """PM; AN where the record comes from PubMed; where Embase and Scopus keep the id.

    AN is a number of the database that the record comes from, and each has its own.
    """
    database = " ".join(every(tags, "DB", "DP")).lower()
    ids = every(tags, "PM")
    other = re.search(r"embase|psycinfo|cinahl|scopus|web of science|central", database)
    if re.search(r"pubmed|medline", database) and not other:
        ids += every(tags, "AN")
    for name, tag in (("embase", "C5"), ("scopus", "C2")):
        if name in database:
            ids += every(tags, tag)
    return [one for one in ids if re.fullmatch(r"\s*[0-9]{1,12}\s*", one)]
