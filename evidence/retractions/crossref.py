"""What Crossref's records say of a work: which notices retract, doubt or correct it.

A notice is told of on two sides: in its own record (`update-to`, naming the work), and in the
record of the work (`updated-by`, naming the notice). Both are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from pydantic import Field

from evidence.domain.doi import same_doi
from evidence.domain.parts import Frozen


class Outcome(StrEnum):
    """What a check found, the gravest first. Could not check never means not retracted."""

    RETRACTED = "retracted"
    OTHER = "other"
    CONCERN = "concern"
    CORRECTION = "correction"
    NOTHING_FOUND = "nothing_found"
    COULD_NOT_CHECK = "could_not_check"


GRAVITY = (Outcome.CORRECTION, Outcome.CONCERN, Outcome.OTHER, Outcome.RETRACTED)
"""The outcomes that speak of a notice, from least to most."""

OUTCOME_OF_TYPE = {
    **dict.fromkeys(("retraction", "removal", "withdrawal"), Outcome.RETRACTED),
    **dict.fromkeys(("expression_of_concern", "concern"), Outcome.CONCERN),
    **dict.fromkeys(("correction", "corrigendum", "erratum", "addendum"), Outcome.CORRECTION),
    **dict.fromkeys(("clarification", "new_version", "new_edition"), Outcome.CORRECTION),
}
"""By Crossref's type of update. Any other type, such as a partial retraction, is OTHER."""

MARKED_TITLE = re.compile(r"\W*(retracted|withdrawn|removed)\b(\s+article)?\s*:", re.IGNORECASE)
"""A title that begins as publishers mark it: "RETRACTED ARTICLE: A trial"."""


class RecordsRefused(ValueError):
    """These are no records of Crossref; the message says where."""


class Notice(Frozen):
    """A notice about a work. type: as Crossref says. on: ISO day, month or year; blank if none."""

    type: str
    doi: str = ""
    on: str = ""

    @property
    def outcome(self) -> Outcome:
        """What it makes of the work."""
        return OUTCOME_OF_TYPE.get(self.type, Outcome.OTHER)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.type.replace("_", " "), self.doi, self.on)))


class Finding(Frozen):
    """What the records say of one work. is_complete: its own record was there and all was read."""

    outcome: Outcome
    is_complete: bool
    notice: Notice | None = None
    detail: str = ""


class Records(Frozen):
    """Records as read, by DOI. unread: those that could not be understood, as text."""

    own: dict[str, tuple[Notice, ...]] = Field(default_factory=dict)
    about: dict[str, tuple[Notice, ...]] = Field(default_factory=dict)
    unread: tuple[str, ...] = ()


# Reading


def read_records(text: str) -> Records:
    """One record, a list of records, an answer of the REST API, or JSON Lines of any of these.

    Raises RecordsRefused where the text is no JSON.
    """
    return records_in(_documents(text))


def _documents(text: str) -> list[object]:
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 2:
        raise RecordsRefused("this is neither JSON nor JSON Lines")
    return [_document(number, line) for number, line in lines]


def _document(number: int, line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordsRefused(f"line {number} is no JSON") from error


def records_in(documents: Iterable[object]) -> Records:
    """The works of these documents."""
    own: dict[str, tuple[Notice, ...]] = {}
    about: dict[str, tuple[Notice, ...]] = {}
    unread: list[str] = []
    for work in (one for document in documents for one in _works(document)):
        try:
            doi, inside, outside = _read_work(work)
        except (AttributeError, LookupError, TypeError, ValueError):
            unread.append(json.dumps(work, ensure_ascii=False).lower())
            continue
        own[doi] = (*own.get(doi, ()), *inside)
        for other, notice in outside:
            about[other] = (*about.get(other, ()), notice)
    return Records(own=own, about=about, unread=tuple(unread))


def _works(document: object) -> Iterator[object]:
    if isinstance(document, list):
        for one in document:
            yield from _works(one)
    elif isinstance(document, dict) and isinstance(document.get("message"), dict | list):
        yield from _works(document["message"])
    elif isinstance(document, dict) and isinstance(document.get("items"), list):
        yield from _works(document["items"])
    else:
        yield document


def _read_work(work: Any) -> tuple[str, list[Notice], list[tuple[str, Notice]]]:
    """DOI, the notices that the record names, and the works that it is a notice about.

    Raises one of several errors where the record is not as Crossref writes it.
    """
    doi = _doi(work["DOI"])
    inside = [_notice(one, doi=one.get("DOI", "")) for one in _updates(work, "updated-by")]
    title = " ".join(work.get("title") or ())
    if MARKED_TITLE.match(title):
        inside.append(Notice(type="mark in its title"))
    outside = [(_doi(one["DOI"]), _notice(one, doi=doi)) for one in _updates(work, "update-to")]
    return doi, inside, outside


def _updates(work: dict[str, Any], side: str) -> list[dict[str, Any]]:
    updates = work.get(side) or []
    if not isinstance(updates, list) or not all(isinstance(one, dict) for one in updates):
        raise TypeError(side)
    return updates


def _notice(update: dict[str, Any], *, doi: str) -> Notice:
    kind = re.sub(r"[\s-]+", "_", update["type"].strip().lower())
    return Notice(type=kind, doi=same_doi(doi), on=_day(update.get("updated")))


def _doi(value: Any) -> str:
    doi = same_doi(value) if isinstance(value, str) else ""
    if not doi:
        raise ValueError("no DOI")
    return doi


def _day(updated: Any) -> str:
    """2010-02-06, or as much of it as is told: a notice without a day is a notice."""
    try:
        year, *rest = updated["date-parts"][0]
        return "-".join([f"{year:04d}", *(f"{one:02d}" for one in rest)])
    except (LookupError, TypeError, ValueError):
        return ""


# Finding


def find(doi: str, records: Records, *, missing: str) -> Finding:
    """What these records say of a work. missing: why its own record would not be there."""
    doi = same_doi(doi)
    gaps = [missing] if doi not in records.own else []
    if any(doi in text for text in records.unread):
        gaps.append("A record that names it could not be read.")
    named = (*records.about.get(doi, ()), *records.own.get(doi, ()))
    notices = sorted(dict.fromkeys(named), key=lambda one: GRAVITY.index(one.outcome))
    if notices:
        *others, gravest = notices
        also = [f"Also: {one}." for one in reversed(others)]
        return _finding(gravest.outcome, gaps, notice=gravest, also=also)
    return _finding(Outcome.COULD_NOT_CHECK if gaps else Outcome.NOTHING_FOUND, gaps)


def _finding(
    outcome: Outcome, gaps: list[str], *, notice: Notice | None = None, also: Iterable[str] = ()
) -> Finding:
    return Finding(
        outcome=outcome, is_complete=not gaps, notice=notice, detail=" ".join([*also, *gaps])
    )
