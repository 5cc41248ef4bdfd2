"""Days as people write them: a year, a month of a year, or a whole day."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
CENTURY_TURNS_AT = 50
"""5/17/24 is of 2024 and 5/17/84 of 1984: two digits from here on are of the century before."""

FORMS = (
    re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?"),
    re.compile(r"(?P<month>\d{1,2})[-/](?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})([-/])(?P<day>\d{1,2})\2(?P<year>\d{4}|\d{2})"),
    re.compile(
        r"\A(?P<name>[a-z]{3,9})\.?(?: (?P<day>\d{1,2})(?:st|nd|rd|th)?)?,? (?P<year>\d{4})"
    ),
    re.compile(r"\A(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<name>[a-z]{3,9})\.?,? (?P<year>\d{4})"),
)
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
MONTHS_OF_A_YEAR = 12


class NoDayError(ValueError):
    """This text names no year, month or day that there is."""


def read_written(text: str) -> tuple[int, int | None, int | None]:
    """Year, month and day, as far as they are written: 2024, May 2024, 5/17/2024, 17 May 2024.

    With slashes or dashes the month comes first. With dots the order differs between countries:
    17.5.2024 can only be one day, and 5.6.2024 is refused. Raises NoDayError.
    """
    said = " ".join(text.split()).lower()
    found = next((match for form in FORMS if (match := form.fullmatch(said))), None)
    parts = found.groupdict() if found else _dotted(said)
    month = _month_called(parts["name"]) if parts.get("name") else parts.get("month")
    day = parts.get("day")
    year = _year(parts["year"])
    _check(year, int(month or 1), int(day or 1))
    return year, month and int(month), day and int(day)  # type: ignore[return-value]


def read_day(text: str) -> date:
    """A whole day. Raises NoDayError."""
    year, month, day = read_written(text)
    if month is None or day is None:
        raise NoDayError(text)
    return date(year, month, day)


def _dotted(said: str) -> dict[str, str]:
    found = DOTTED.fullmatch(said)
    if found is None:
        raise NoDayError(said)
    first, second, year = found.groups()
    day, month = (first, second) if int(first) > MONTHS_OF_A_YEAR else (second, first)
    if int(day) <= MONTHS_OF_A_YEAR and day != month:
        raise NoDayError(said)
    return {"year": year, "month": month, "day": day}


def _month_called(name: str) -> int:
    places = [place for place, month in enumerate(MONTHS, start=1) if month.startswith(name)]
    if name == "sept":
        places = [9]
    if len(places) != 1:
        raise NoDayError(name)
    return places[0]


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < CENTURY_TURNS_AT else 1900)


def _check(year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
    except ValueError as error:
        raise NoDayError(f"{year}-{month}-{day}") from error
