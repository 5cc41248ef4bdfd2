"""How long a closed case is kept: days from settings of its clinic, counted without a database."""

from __future__ import annotations

from datetime import date

GROWN_UP_AT = 18
"""Years. The record of a minor is kept as long, counted from this birthday."""


def kept_until(closed_on: date, *, born: date | None, years: int) -> date:
    """The last day on which a case has to be kept.

    years: of the clinic. Counted from the day it was closed, or from the 18th birthday where that
    was still to come.
    """
    grown_up = _after(born, GROWN_UP_AT) if born else closed_on
    return _after(max(closed_on, grown_up), years)


def born_at_the_latest(age_years: int, on: date) -> date:
    """The last day on which somebody of this age on this day can have been born."""
    return _after(on, -age_years)


def _after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, of a year that has none
        return date(day.year + years, 3, 1)
