"""Fields of forms for a whole day, which browsers send as 2026-11-30 and people write otherwise."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from kapnet.core.web.days import say_day
from kapnet.core.written_days import NoDayError, read_day


class DayInput(forms.DateInput):
    """The browser's own control for a day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """One day, in any of the ways in which people write it."""

    widget = DayInput
    default_error_messages = {"invalid": "Enter a real date, such as 30 November 2026"}

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError with the sentence of the field."""
        if isinstance(value, str) and value.strip():
            with suppress(NoDayError):
                return read_day(value)
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


TWICE = (
    "The clocks went back on {day}: {time} came twice. Enter a time before {first} or from {after} "
    "on, and write the right one in the note"
)
NEVER = "The clocks went forward on {day}: there was no {time}. Enter a time before or after"


HALF_A_DAY = 12
WRITTEN_MOMENT = re.compile(
    r"(?P<day>[^:]{4,30}?),? (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?: ?(?P<half>[ap])\.?m\.?)?"
)


class MomentField(forms.DateTimeField):
    """A day and a time of the clinic's clock; hours that a clock shows twice are explained."""

    def to_python(self, value: Any) -> datetime | None:
        """The moment. Raises ValidationError that says what to enter instead."""
        if isinstance(value, str):
            value = _as_data(value)
        try:
            return super().to_python(value)
        except forms.ValidationError as problem:
            if problem.code != "ambiguous_timezone" or not problem.params:
                raise
            raise forms.ValidationError(_why_odd(problem.params["datetime"])) from problem


def _as_data(text: str) -> str:
    """23 November 2026, 2:31 pm as 2026-11-23 14:31; what is not written so stays as it is."""
    found = WRITTEN_MOMENT.fullmatch(" ".join(text.lower().split()))
    hour = int(found["hour"]) if found else 0
    if found is None or (found["half"] and not 1 <= hour <= HALF_A_DAY):
        return text
    if found["half"]:
        hour = hour % HALF_A_DAY + (HALF_A_DAY if found["half"] == "p" else 0)
    with suppress(NoDayError):
        return f"{read_day(found['day'])} {hour:02d}:{found['minute']}"
    return text


def _why_odd(naive: datetime) -> str:
    zone = timezone.get_current_timezone()
    early, late = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    step = (early.utcoffset() or timedelta()) - (late.utcoffset() or timedelta())
    said = {"day": say_day(naive.date()), "time": f"{naive:%H:%M}"}
    if step < timedelta():
        return NEVER.format(**said)
    first = naive
    while _comes_twice(first - timedelta(minutes=1), zone):
        first -= timedelta(minutes=1)
    return TWICE.format(**said, first=f"{first:%H:%M}", after=f"{first + step:%H:%M}")


def _comes_twice(naive: datetime, zone: Any) -> bool:
    offsets = [naive.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    return offsets[0] != offsets[1]
