"""What a search asks: its parameters, and the page that it goes on with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from kapnet.core.web.days import start_of
from kapnet.core.web.fhir_answers import FhirRefused

PAGE: Final = 50
"""The most resources of one page."""
UPDATED, COUNT, TOKEN, FORMAT = "_lastUpdated", "_count", "page", "_format"
ALWAYS: Final = (UPDATED, COUNT, TOKEN, FORMAT)
WRITTEN_TIME = re.compile(r"(eq|ge|gt|le|lt)?(\d{4})(?:-(\d\d)(?:-(\d\d)(T.+)?)?)?", re.ASCII)
SALT: Final = "fhir.page"
MOST_IDS: Final = 100


@dataclass(frozen=True)
class Asked:
    """A search that can be answered.

    given: parameter -> value, without page and count. since is included, before is not. after: the
    id of the last resource of the page before.
    """

    kind: str
    given: tuple[tuple[str, str], ...]
    since: datetime | None
    before: datetime | None
    count: int
    after: str

    def get(self, name: str) -> str:
        """The value of a parameter; empty where it was not given."""
        return dict(self.given).get(name, "")

    @property
    def ids(self) -> frozenset[str]:
        """The ids that are asked for; none: any."""
        return frozenset(one for one in self.get("_id").split(",") if one)

    @property
    def patient(self) -> str:
        """The id of the patient, written as an id, a reference or an address; empty for none."""
        before, _, named = self.get("patient").rpartition("/")
        is_patient = not before or before == "Patient" or before.endswith("/Patient")
        return named if is_patient else self.get("patient")

    def fits(self, updated: datetime) -> bool:
        """Whether a resource that was changed then is asked for."""
        return (self.since is None or updated >= self.since) and (
            self.before is None or updated < self.before
        )

    def address(self, after: str = "") -> str:
        """The same search as the query of an address; after: where the next page begins."""
        token = [(TOKEN, _token(self.kind, self.given, after))] if after else []
        return urlencode([*self.given, (COUNT, str(self.count)), *token])


def read_search(kind: str, names: Iterable[str], *sent: QueryDict) -> Asked:
    """names: the parameters that this type has besides those of each search. Raises FhirRefused."""
    pairs = [(name, one) for query in sent for name, values in query.lists() for one in values]
    allowed = (*names, *ALWAYS)
    for name, value in pairs:
        if name not in allowed:
            raise _odd(
                f"There is no search by “{name[:40]}” here. Use {', '.join(sorted(set(allowed)))}."
            )
        if not value.strip():
            raise _odd(f"{name} has no value.")
    for name in {name for name, _ in pairs} - {UPDATED}:
        if [one for one, _ in pairs].count(name) > 1:
            raise _odd(f"{name} is given more than once.")
    whole = dict(pairs)
    if not whole.get("_id", "any").strip(", "):
        raise _odd("_id names none.")
    if whole.get("_id", "").count(",") >= MOST_IDS:
        raise _odd(f"_id takes at most {MOST_IDS} ids.")
    given = tuple(sorted((name, one) for name, one in pairs if name not in (COUNT, TOKEN, FORMAT)))
    since, before = _within(one for name, one in given if name == UPDATED)
    return Asked(
        kind=kind,
        given=given,
        since=since,
        before=before,
        count=_count(whole.get(COUNT, str(PAGE))),
        after=_after(kind, given, whole[TOKEN]) if TOKEN in whole else "",
    )


def _odd(words: str) -> FhirRefused:
    return FhirRefused(400, "", words)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise _odd("_count must be a whole number.")
    return min(int(text), PAGE)


# Pages


def _token(kind: str, given: tuple[tuple[str, str], ...], after: str) -> str:
    said = [kind, [list(one) for one in given], after]
    return signing.dumps(said, salt=SALT, compress=True)


def _after(kind: str, given: tuple[tuple[str, str], ...], token: str) -> str:
    """Where the page begins: only of the same search."""
    try:
        of_kind, of_search, after = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _odd("This page is of no search here. Take it from the link “next”.") from None
    if (of_kind, of_search) != (kind, [list(one) for one in given]):
        raise _odd("This page is of another search.")
    return str(after)


# Times


def _within(written: Iterable[str]) -> tuple[datetime | None, datetime | None]:
    """The latest beginning and the earliest end of what was asked for."""
    since: list[datetime] = []
    before: list[datetime] = []
    for one in written:
        prefix, start, end = _read_time(one)
        if prefix in ("eq", "ge"):
            since.append(start)
        if prefix == "gt":
            since.append(end)
        if prefix == "lt":
            before.append(start)
        if prefix in ("eq", "le"):
            before.append(end)
    return max(since, default=None), min(before, default=None)


def _read_time(text: str) -> tuple[str, datetime, datetime]:
    """The prefix, and from when to when a year, a month, a day or a moment lasts."""
    found = WRITTEN_TIME.fullmatch(text.replace(" ", "+"))
    if found is None:
        raise _not_a_time()
    prefix, year, month, day, clock = found.groups()
    try:
        if clock:
            moment = parse_datetime(found[0].removeprefix(prefix or ""))
            if moment is None or moment.tzinfo is None:
                raise ValueError
            moment = moment.astimezone(UTC)
            step = timedelta(milliseconds=1) if "." in clock else timedelta(seconds=1)
            return prefix or "eq", moment, moment + step
        start = date(int(year), int(month or 1), int(day or 1))
        return prefix or "eq", start_of(start), start_of(_next(start, month, day))
    except (ValueError, OverflowError):
        raise _not_a_time() from None


def _next(start: date, month: str | None, day: str | None) -> date:
    if day:
        return start + timedelta(days=1)
    if month:
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start.replace(year=start.year + 1)


def _not_a_time() -> FhirRefused:
    return _odd(
        f"{UPDATED} must be a year, a month, a day, or a time with its zone, "
        "with or without eq, ge, gt, le or lt before it."
    )
