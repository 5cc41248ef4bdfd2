"""Days that are known in part: a year, a month of a year, or a whole day."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
EARLIEST_YEAR = 1900
PROBLEM = "Write a year, a month or a day, such as 2024, May 2024 or 5/17/2024"
FORMS = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"),
    re.compile(r"(?P<month>\d{1,2})/(?:(?P<day>\d{1,2})/)?(?P<year>\d{4})"),
    re.compile(r"(?P<name>[a-z]{3,9})\.?(?:\s+(?P<day>\d{1,2}),?)?\s+(?P<year>\d{4})"),
)


def read_partial(raw: object) -> object:
    """What somebody wrote, as 2024, 2024-05 or 2024-05-17; empty stays empty.

    Raises ValueError for anything else, and for a day that does not exist.
    """
    if not isinstance(raw, str) or not raw.strip():
        return "" if isinstance(raw, str) else raw
    text = " ".join(raw.split()).lower()
    found = next((match for form in FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        raise ValueError(PROBLEM)
    parts = found.groupdict()
    month = _month_called(parts["name"]) if parts.get("name") else parts.get("month")
    return _written(int(parts["year"]), month and int(month), parts["day"] and int(parts["day"]))


PartialDate = Annotated[str, BeforeValidator(read_partial)]


def _month_called(name: str) -> int:
    places = [place for place, month in enumerate(MONTHS, start=1) if month.startswith(name)]
    if len(places) != 1:
        raise ValueError(PROBLEM)
    return places[0]


def _written(year: int, month: int | str | None, day: int | str | None) -> str:
    try:
        date(year, int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(PROBLEM) from error
    if year < EARLIEST_YEAR:
        raise ValueError(PROBLEM)
    parts = [f"{year:04d}", *(f"{int(part):02d}" for part in (month, day) if part)]
    return "-".join(parts)


def say_partial(written: str) -> str:
    """As a letter prints it: 2024, May 2024 or 17 May 2024."""
    parts = written.split("-")
    if len(parts) == 1:
        return parts[0]
    month = MONTHS[int(parts[1]) - 1].capitalize()
    day = f"{int(parts[2])} " if len(parts) > 2 else ""
    return f"{day}{month} {parts[0]}"


def is_after(written: str, day: date) -> bool:
    """Whether all of it lies behind this day."""
    return written > day.isoformat()[: len(written)]


def is_before(written: str, day: date) -> bool:
    """Whether all of it lies before this day."""
    return written < day.isoformat()[: len(written)]


def ends_before(started: str, ended: str) -> bool:
    """Whether an end lies before its start, as far as both are known."""
    known = min(len(started), len(ended))
    return bool(started and ended) and ended[:known] < started[:known]
