"""A work as a reference file names it: its fields cleaned, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from evidence.domain.citation import TITLE_NOT_KNOWN
from evidence.domain.doi import as_doi, doi_of_address
from evidence.domain.parts import Frozen
from evidence.domain.terms import Kind

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is read, in bytes."""

MAX_ENTRIES = 5_000
"""The most references in one file."""

MAX_LENGTHS = {
    "title": 2_000,
    "short_name": 80,
    "journal": 200,
    "volume": 40,
    "issue": 40,
    "pages": 40,
    "doi": 120,
    "pmid": 12,
    "pmcid": 15,
    "url": 1_000,
}
"""The longest text of each field, in characters; those with a column fit it."""

MAX_AUTHORS = 500
YEARS = range(1800, 2101)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""

PUBLICATION_TYPES = (
    ("meta-analysis", Kind.META_ANALYSIS),
    ("systematic review", Kind.SYSTEMATIC_REVIEW),
    ("practice guideline", Kind.GUIDELINE),
    ("guideline", Kind.GUIDELINE),
    ("randomized controlled trial", Kind.RCT),
    ("consensus", Kind.CONSENSUS),
    ("case report", Kind.CASE_REPORT),
    ("observational study", Kind.COHORT),
    ("review", Kind.NARRATIVE_REVIEW),
)
"""Publication types and the kind they suggest, the most telling first."""

Found = Mapping[str, str | list[str]]
"""The fields of one work as a reader found them; `authors` and `types` are lists."""


class FileRefused(ValueError):
    """A file that is not read; the message says why, and what to do."""


class ReadEntry(Frozen):
    """One work of a file. `row` counts from 1; an entry with `errors` is not imported."""

    row: int
    key: str | None = None
    kind: Kind | None = None
    short_name: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    valid_until: date | None = None
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def entry_of(row: int, found: Found) -> ReadEntry:
    """The work with every field cleaned and checked."""
    texts = {name: _text(found.get(name)) for name in MAX_LENGTHS}
    if texts["title"] == TITLE_NOT_KNOWN:
        texts["title"] = ""
    written = texts["doi"]
    texts["doi"] = as_doi(written) or doi_of_address(texts["url"])
    texts["pmcid"] = _pmcid(texts["pmcid"])
    year, year_error = _year(_text(found.get("year")))
    authors = tuple(name for name in map(_text, _list(found.get("authors"))) if name)
    valid_until, day_error = _last_day(_text(found.get("valid_until")))
    errors = [*_too_long(texts), *(one for one in (year_error, day_error) if one)]
    if not texts["title"]:
        errors.append("It has no title.")
    if texts["pmid"] and not re.fullmatch(r"[0-9]{1,12}", texts["pmid"]):
        errors.append("Its PubMed id is not a number.")
    if texts["url"] and not re.match(r"https?://", texts["url"]):
        errors.append("Its address does not start with http:// or https://.")
    if len(authors) > MAX_AUTHORS or any(len(name) > 300 for name in authors):
        errors.append("Its authors are too many or too long.")
        authors = ()
    return ReadEntry(
        row=row,
        key=_text(found.get("key")) or None,
        kind=_kind(_list(found.get("types"))),
        authors=authors,
        year=year,
        valid_until=valid_until,
        errors=tuple(errors),
        notes=(
            *_retracted(_list(found.get("types")), texts["title"]),
            *_no_doi(written, texts["doi"]),
            *_formulas(texts),
        ),
        **{name: (text or None) for name, text in texts.items()},
    )


def _text(value: str | list[str] | None) -> str:
    """One line of text, without signs that turn or hide others."""
    text = " ".join(value) if isinstance(value, list) else value or ""
    shown = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(shown.split())


def _retracted(types: list[str], title: str) -> Iterable[str]:
    told = any("retracted publication" in one.lower() for one in types)
    if told or title.lower().startswith("retracted"):
        yield "It is marked as retracted: look it up before you take it up."


def _list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _no_doi(written: str, found: str) -> Iterable[str]:
    if written and not found:
        yield "What it gives as its DOI is none, and is left out."


def _pmcid(text: str) -> str:
    return f"PMC{text}" if re.fullmatch(r"[0-9]{1,12}", text) else text


def _year(text: str) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    found = re.match(r"[0-9]{4}(?![0-9])", text)
    if found is None or int(found[0]) not in YEARS:
        return None, "Its year is not a year between 1800 and 2100."
    return int(found[0]), None


def _last_day(text: str) -> tuple[date | None, str | None]:
    """Only a table of ours holds it."""
    if not text:
        return None, None
    try:
        return date.fromisoformat(text), None
    except ValueError:
        return None, "Its last day is not written as 2026-12-31."


def _too_long(texts: dict[str, str]) -> Iterable[str]:
    for name, text in texts.items():
        if len(text) > MAX_LENGTHS[name]:
            texts[name] = text[: MAX_LENGTHS[name]]
            yield f"Its {name} is longer than {MAX_LENGTHS[name]} characters."


def _formulas(texts: Mapping[str, str]) -> Iterable[str]:
    for name, text in texts.items():
        if text.startswith(FORMULA):
            yield f"Its {name} starts like a formula; it is kept as text."


def _kind(types: list[str]) -> Kind | None:
    said = [" ".join(one.lower().split()) for one in types]
    for one in said:
        if one in set(Kind):
            return Kind(one)
    joined = " | ".join(said)
    return next((kind for phrase, kind in PUBLICATION_TYPES if phrase in joined), None)


# People


def name_as_printed(name: str) -> str:
    """Philip, Noah S. -> Philip NS; a name without a comma, or with two together, is a body."""
    name = " ".join(name.split())
    if ",," in name:
        return name.replace(",,", ",", 1)
    family, comma, given = name.partition(",")
    letters = initials(given)
    return f"{family.strip()} {letters}" if comma and letters else family.strip()


def initials(given: str) -> str:
    """Noah Samuel -> NS; initials printed together stay: NS -> NS."""
    given = given.strip().split(",")[0]
    if re.fullmatch(r"[A-ZÀ-Ý]{2,4}", given):
        return given
    return "".join(part[0] for part in re.split(r"[\s.\-]+", given) if part).upper()[:4]
