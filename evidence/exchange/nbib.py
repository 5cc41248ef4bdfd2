"""PubMed's tagged format (nbib), and what Ovid writes like it: one tag a line, without an end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.lines import Tags, add, add_line, every, first
from evidence.exchange.people import name_as_printed
from evidence.exchange.work import MAX_AUTHORS, Found

TAG = re.compile(r"(?=.{4}- )([A-Z]{2,4}) {0,2}- (.*)", re.DOTALL)
ONCE = frozenset(("PMID", "UI", "VN", "TI", "BTI", "OWN"))
"""Tags that stand in a record once: a second one is of the next record."""

LINKS = {
    "RIN": "Retraction in: ",
    "ROF": "Retraction of: ",
    "ECI": "Expression of concern in: ",
    "ECF": "Expression of concern for: ",
}
"""Links to other papers that say what became of this one, or that it is about another."""


def read_nbib(text: str) -> Iterator[Found]:
    """The works of a tagged file."""
    return (_of_nbib(tags) for tags in _records(text))


def _records(text: str) -> Iterator[Tags]:
    tags: Tags = {}
    for block in re.split(r"\n[^\S\n]*\n", text):
        lines = [(TAG.match(line), line) for line in block.split("\n")]
        named = {found[1] for found, _ in lines if found}
        if named & ONCE & tags.keys():
            yield tags
            tags = {}
        for found, line in lines if named else ():
            if found is None:
                add_line(tags, line)
                continue
            if found[1] in ONCE and found[1] in tags:
                yield tags
                tags = {}
            add(tags, found[1], found[2])
    if tags:
        yield tags


def _of_nbib(tags: Tags) -> Found:
    places = every(tags, "AID", "LID", "DO", "DI")
    base = " ".join(every(tags, "DB", "VN")).lower()
    ids = every(tags, "UI") if re.search(r"medline|pubmed", base) and "embase" not in base else []
    return {
        "types": tags.get("PT", []),
        "title": first(tags, "TI", "BTI"),
        "authors": [name_as_printed(one) for one in every(tags, "AU", "CN")[: MAX_AUTHORS + 1]],
        "year": first(tags, "DP", "YR", "PY"),
        "journal": first(tags, "JT", "TA", "JN")
        or (first(tags, "BTI") if first(tags, "TI") else ""),
        "volume": first(tags, "VI"),
        "issue": first(tags, "IP"),
        "pages": first(tags, "PG"),
        "doi": [one for one in places if "[doi]" in one or not one.endswith("]")],
        "pmid": first(tags, "PMID", "PM") or (ids[0] if ids and ids[0].strip().isdigit() else ""),
        "pmcid": first(tags, "PMC"),
        "abstract": every(tags, "AB"),
        "remarks": [f"{said}{one}" for tag, said in LINKS.items() for one in every(tags, tag)],
    }
