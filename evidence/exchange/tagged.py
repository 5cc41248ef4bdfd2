"""RIS and PubMed's nbib: one tag a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.domain.doi import as_doi
from evidence.exchange.work import FileRefused, Found, name_as_printed

MAX_VALUE = 20_000
"""Where a value that runs over many lines is cut, in characters; no field may be as long."""

Tags = dict[str, list[str]]


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


# RIS


def read_ris(text: str) -> Iterator[Found]:
    """The works of a RIS file, each ended by ER. Raises FileRefused."""
    tags: Tags = {}
    for number, line in enumerate(_lines(text), 1):
        found = re.match(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)", line, re.DOTALL)
        if found is None:
            _continue(tags, line)
        elif found[1] == "ER":
            yield _of_ris(tags)
            tags = {}
        elif found[1] == "TY" and tags:
            raise FileRefused(f"Line {number}: a reference starts before the last has ended (ER).")
        else:
            tags.setdefault(found[1], []).append(found[2])
            tags["last"] = tags[found[1]]
    if tags:
        raise FileRefused("The last reference has no end (ER): the file is cut off. Export again.")


def _continue(tags: Tags, line: str) -> None:
    if line.strip() and tags.get("last") and len(tags["last"][-1]) < MAX_VALUE:
        tags["last"][-1] += f" {line.strip()}"


def _first(tags: Tags, *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name)), "")


def _of_ris(tags: Tags) -> Found:
    pages = [_first(tags, "SP"), _first(tags, "EP")]
    number, central = _first(tags, "AN"), _first(tags, "C2")
    return {
        "key": _first(tags, "ID"),
        "types": [*tags.get("M3", []), *tags.get("PT", [])],
        "short_name": _first(tags, "ST"),
        "title": _first(tags, "TI", "T1"),
        "authors": [name_as_printed(one) for one in tags.get("AU", tags.get("A1", []))],
        "year": _first(tags, "PY", "Y1", "DA"),
        "journal": _first(tags, "T2", "JO", "JF", "JA"),
        "volume": _first(tags, "VL"),
        "issue": _first(tags, "IS"),
        "pages": "-".join(one for one in pages if one),
        "doi": _first(tags, "DO") or next((one for one in tags.get("M3", []) if as_doi(one)), ""),
        "pmid": number if re.fullmatch(r"[0-9]{1,12}", number.strip()) else "",
        "pmcid": central if central.startswith("PMC") else "",
        "url": _first(tags, "UR"),
    }


# nbib


def read_nbib(text: str) -> Iterator[Found]:
    """The works of a PubMed file, each started by its PMID."""
    return (_of_nbib(tags) for tags in _nbib_records(text))


def _nbib_records(text: str) -> Iterator[Tags]:
    tags: Tags = {}
    for line in _lines(text):
        found = re.match(r"([A-Z]{2,4}) {0,2}- (.*)", line, re.DOTALL)
        if found is None:
            _continue(tags, line)
            continue
        if found[1] == "PMID" and tags:
            yield tags
            tags = {}
        tags.setdefault(found[1], []).append(found[2])
        tags["last"] = tags[found[1]]
    if tags:
        yield tags


def _of_nbib(tags: Tags) -> Found:
    places = [*tags.get("AID", []), *tags.get("LID", [])]
    return {
        "types": tags.get("PT", []),
        "title": _first(tags, "TI", "BTI"),
        "authors": [*tags.get("AU", []), *tags.get("CN", [])],
        "year": _first(tags, "DP")[:4],
        "journal": _first(tags, "JT", "TA"),
        "volume": _first(tags, "VI"),
        "issue": _first(tags, "IP"),
        "pages": _first(tags, "PG"),
        "doi": next((one.removesuffix("[doi]") for one in places if one.endswith("[doi]")), ""),
        "pmid": _first(tags, "PMID"),
        "pmcid": _first(tags, "PMC"),
    }
