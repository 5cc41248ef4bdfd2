"""Days that are known in part: a year, a month of a year, or a whole day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from kapnet.core.written_days import MONTHS, NoDayError, read_written

EARLIEST_YEAR, SHORT_MONTH = 1900, 3
PROBLEM = "Write a year, a month or a day, such as 2024, May 2024 or 17 May 2024"


def read_partial(raw: object) -> object:
    """What somebody wrote, as 2024, 2024-05 or 2024-05-17; empty stays empty.

    Raises ValueError for anything else, and for a day that does not exist.
    """
    if not isinstance(raw, str) or not raw.strip():
        return "" if isinstance(raw, str) else raw
    try:
        year, month, day = read_written(raw)
    except NoDayError as error:
        raise ValueError(PROBLEM) from error
    if year < EARLIEST_YEAR:
        raise ValueError(PROBLEM)
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])


PartialDate = Annotated[str, BeforeValidator(read_partial)]


def say_partial(written: str, *, short: bool = False) -> str:
    """As a letter prints it: 2024, June 2024 or 17 June 2024; short, as its tables do: Jun 2024."""
    parts = written.split("-")
    if len(parts) == 1:
        return parts[0]
    month = MONTHS[int(parts[1]) - 1].capitalize()
    month = month[:SHORT_MONTH] if short else month
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
