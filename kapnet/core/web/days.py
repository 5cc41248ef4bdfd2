"""Days and moments as pages write them; templates say the same by their filter `date`."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format


def say_day(day: date) -> str:
    """A day: 23 November 2026."""
    return _written(date(day.year, day.month, day.day), "DATE_FORMAT")


def say_day_of(moment: datetime) -> str:
    """The day of a moment, in the clinic's time zone."""
    return say_day(timezone.localdate(moment))


def start_of(day: date) -> datetime:
    """The beginning of a day, in the clinic's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def say_moment(moment: datetime) -> str:
    """A time of today as 14:02, an earlier one with its day, in the clinic's time zone."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    minute = local.replace(second=0, microsecond=0, tzinfo=None)
    return _written(minute, "TIME_FORMAT" if is_today else "DATETIME_FORMAT")


@lru_cache(maxsize=4096)
def _written(when: date, how: str) -> str:
    return date_format(when, how)
