"""A work as a reference file names it: its fields cleaned, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from evidence.domain.citation import TITLE_NOT_KNOWN
from evidence.domain.parts import Frozen
from evidence.domain.taken_back import Sign, signs_of
from evidence.domain.terms import Kind
from evidence.exchange.identity import identify
from evidence.exchange.people import doubtful

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is read, in bytes."""

MAX_ENTRIES = 5_000
"""The most references in one file."""

BIBTEX_ENTRY = re.compile(r"(?m)^[^\S\n]{0,20}@\s{0,20}([A-Za-z]{1,40})\s{0,20}[{(]")
"""Where an entry of BibTeX begins, first in its line."""

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

MAX_ABSTRACT = 20_000
"""Where an abstract is cut, in characters."""

MAX_AUTHORS = 500
YEARS = range(1800, 2101)
WITHOUT_YEAR = re.compile(
    r"(?:accepted|forthcoming|in press|n\. ?d\.|nd|no date|online first|submitted|undated)\.?"
    r"|(?:epub )?ahead of print\.?",
    re.IGNORECASE,
)
"""What is written in place of a year that there is not yet, or not known."""

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
"""The fields of one work as a reader found them.

`authors` and `types` are lists. The paragraphs of `abstract` may be one, and ids, the likeliest
first. `remarks` are what a record says beside its fields. `notes` and `errors` are the reader's own
sentences.
"""


class Unread(NamedTuple):
    """A record that begins in a file and could not be read: why, and on which line."""

    why: str
    line: int = 0

    def __str__(self) -> str:
        return f"Line {self.line}: {self.why}" if self.line else self.why


MARKUP = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|sc|u|scp|italic|bold)>|</?span(?:\s[^<>]{0,100})?>"
)
"""What Zotero and Crossref put into titles for their look."""

SENTENCES = {
    Sign.TAKEN_BACK: "It is marked as retracted or withdrawn: look it up before you take it up.",
    Sign.DOUBTED: "There is an expression of concern about it: look it up before you take it up.",
    Sign.NOTICE: "It is the notice that another work was retracted or withdrawn.",
}


class FileRefused(ValueError):
    """A file that is not read; the message says why, and what to do."""


class ReadEntry(Frozen):
    """One work of a file. `row` counts from 1; an entry with `errors` is not imported.

    abstract: for the eyes of curators, who judge by it what the work is. It goes into no source.
    """

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
    abstract: str = ""
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether it says of itself that it was taken back or is doubted, or is such a notice."""
        return any(sentence in self.notes for sentence in SENTENCES.values())


def entry_of(row: int, found: Found) -> ReadEntry:
    """The work with every field cleaned and checked."""
    texts = {name: _text(found.get(name)) for name in MAX_LENGTHS}
    texts["title"] = "" if texts["title"] == TITLE_NOT_KNOWN else MARKUP.sub("", texts["title"])
    remarks = _list(found.get("remarks"))
    ids = identify(
        **{name: _list(found.get(name)) for name in ("doi", "pmid", "pmcid")},
        url=texts["url"],
        remarks=remarks,
    )
    texts |= {"doi": ids.doi, "pmid": ids.pmid, "pmcid": ids.pmcid}
    year, year_error = _year(_text(found.get("year")))
    authors = tuple(name for name in map(_text, _list(found.get("authors"))) if name)
    valid_until, day_error = _last_day(_text(found.get("valid_until")))
    errors = [*_list(found.get("errors")), *_too_long(texts), *_wrong(texts)]
    errors += [one for one in (year_error, day_error) if one]
    if len(authors) > MAX_AUTHORS or any(len(name) > 300 for name in authors):
        errors.append("Its authors are too many or too long.")
        authors = ()
    said = [*_list(found.get("types")), *remarks]
    return ReadEntry(
        row=row,
        key=_text(found.get("key")) or None,
        kind=_kind(_list(found.get("types"))),
        authors=authors,
        year=year,
        valid_until=valid_until,
        abstract=_paragraphs(_list(found.get("abstract"))),
        errors=tuple(errors),
        notes=(
            *_taken_back(texts["title"], said),
            *_list(found.get("notes")),
            *ids.notes,
            *_on_names(authors),
            *_on_year(_text(found.get("year"))),
            *_formulas(texts),
        ),
        **{name: (text or None) for name, text in texts.items()},
    )


def _text(value: str | list[str] | None) -> str:
    """One line of text, without signs that turn or hide others."""
    text = " ".join(value) if isinstance(value, list) else value or ""
    shown = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(shown.split())


def _paragraphs(parts: list[str]) -> str:
    lines = (_text(MARKUP.sub("", one)) for one in parts)
    return "\n".join(one for one in lines if one)[:MAX_ABSTRACT]


def _taken_back(title: str, words: list[str]) -> Iterable[str]:
    signs = signs_of(title, words)
    return (SENTENCES[sign] for sign in Sign if sign in signs)


def _on_names(authors: Iterable[str]) -> Iterable[str]:
    if names := doubtful(authors):
        yield f"Compare its authors with the file: {', '.join(names[:5])[:200]}."


def _on_year(text: str) -> Iterable[str]:
    if WITHOUT_YEAR.fullmatch(text):
        yield f"Its year is left open: the file says “{text}”."


def _list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _year(text: str) -> tuple[int | None, str | None]:
    """Of 2020/11//Nov/Dec2020 and of 05/12/2016; not of two years in one text."""
    if not text or WITHOUT_YEAR.fullmatch(text):
        return None, None
    found = re.match(r"([0-9]{4})(?:[0-9]{4})?(?![0-9])", text)  # 2020, or the day 20200131
    years = {found[1]} if found else set(re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", text))
    if len(years) != 1 or int(*years) not in YEARS:
        return None, "Its year is not a year between 1800 and 2100."
    return int(*years), None


def _last_day(text: str) -> tuple[date | None, str | None]:
    """Only a table of ours holds it."""
    if not text:
        return None, None
    try:
        return date.fromisoformat(text), None
    except ValueError:
        return None, "Its last day is not written as 2026-12-31."


def _wrong(texts: Mapping[str, str]) -> Iterable[str]:
    if not texts["title"]:
        yield "It has no title."
    if texts["pmid"] and not re.fullmatch(r"[0-9]{1,12}", texts["pmid"]):
        yield "Its PubMed id is not a number."
    if texts["url"] and not re.match(r"https?://", texts["url"]):
        yield "Its address does not start with http:// or https://."


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
