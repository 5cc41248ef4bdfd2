"""The form of a plan: nothing is required, and what is left open is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django import forms

from decisions.documents.plan.schedule import (
    EARLIEST,
    LATEST,
    MOST_A_DAY,
    MOST_DAYS,
    MOST_SESSIONS,
    MOST_TAPER_WEEKS,
    PlanAsked,
)
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.plain_forms import PlainTextForm
from kapnet.core.written_days import NoDayError, read_day

WEEKDAYS = [
    *(("6", "Sunday"), ("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday")),
    *(("3", "Thursday"), ("4", "Friday"), ("5", "Saturday")),
]
LONGEST_LIST = 4000
BETWEEN_DAYS = re.compile(r"[\n;]|,(?!\s*\d{4}\b(?!\s*[-/]))")
"""A comma before a year, as in May 17, 2024, ends no day."""
NOT_ASKED = ("", "Not asked yet")
APART = [
    ("apart", "On different days: TMS moves past the days of ketamine"),
    ("same_day", "As they fall, also on the same day; each such day is named"),
]
DATE_PROBLEM = "Enter a real date from 2000 to 2100, such as 30 November 2026"


class _TimeInput(forms.TimeInput):
    input_type = "time"


class DaysField(forms.CharField):
    """Days, one a line or with commas between them; "to" joins the ends of a range."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_LIST, **kwargs)

    def clean(self, value: Any) -> tuple[date, ...]:
        """The days, each once, in order."""
        text = super().clean(value)
        lines = [line.strip() for line in BETWEEN_DAYS.split(text) if line.strip()]
        days = sorted({day for line in lines for day in _days_in(line)})
        if len(days) > MOST_DAYS:
            raise forms.ValidationError(f"Enter at most {MOST_DAYS} days")
        return tuple(days)


def _days_in(line: str) -> Iterator[date]:
    ends = [_read_day(part.strip(), line) for part in line.split(" to ")]
    count = (ends[-1] - ends[0]).days
    if len(ends) > 2 or not 0 <= count <= MOST_DAYS:
        raise forms.ValidationError(
            f"Enter a range from an earlier to a later day, at most {MOST_DAYS} days: {line}"
        )
    return (ends[0] + timedelta(days=number) for number in range(count + 1))


def _read_day(text: str, line: str) -> date:
    with suppress(NoDayError):
        day = read_day(text)
        if EARLIEST <= day <= LATEST:
            return day
    raise forms.ValidationError(f"This is not a date from 2000 to 2100: {line}")


def _day(label: str) -> DayField:
    return DayField(label=label, required=False, error_messages={"invalid": DATE_PROBLEM})


def _weekdays(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )


def _count(label: str, least: int, most: int) -> forms.IntegerField:
    said = f"Enter a whole number from {least} to {most}"
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), said),
    )


def _clock(label: str) -> forms.TimeField:
    problem = {"invalid": "Enter a time of day, such as 09:30"}
    return forms.TimeField(label=label, required=False, widget=_TimeInput, error_messages=problem)


class VersionForm(forms.Form):
    """Which plan somebody saw."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PlanForm(PlainTextForm, forms.Form):
    """What is to be planned. version: of the plan that the page showed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tms_first_day = _day("First day of TMS")
    tms_weekdays = _weekdays("Weekdays of TMS")
    tms_sessions = _count("Number of TMS sessions, without the taper", 0, MOST_SESSIONS)
    tms_a_day = _count("TMS sessions a day", 1, MOST_A_DAY)
    tms_time = _clock("Time of TMS")
    taper = forms.CharField(
        label="Taper: sessions in each week after the course",
        required=False,
        max_length=200,
        help_text="Such as 3, 2, 1. Leave it open where there is none.",
    )
    ketamine_route = forms.ChoiceField(
        label="Route of ketamine", required=False, widget=forms.RadioSelect
    )
    ketamine_first_day = _day("First day of ketamine")
    ketamine_weekdays = _weekdays("Weekdays of ketamine")
    ketamine_sessions = _count("Number of ketamine sessions", 0, MOST_SESSIONS)
    ketamine_days = DaysField(
        label="Or the days of ketamine, written out",
        help_text="One day a line. They stay where they are, also on a closed day, and the "
        "weekdays above are not used.",
    )
    ketamine_time = _clock("Time of ketamine")
    watcher = forms.CharField(
        label="Who watches the patient after ketamine", required=False, max_length=120
    )
    driver = forms.ChoiceField(
        label="Does somebody bring the patient home after ketamine?",
        required=False,
        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known"), NOT_ASKED],
        widget=forms.RadioSelect,
    )
    closed_days = DaysField(
        label="Holidays and other closed days",
        help_text="One a line, such as 26 November 2026, or 24 December 2026 to 1 January 2027.",
    )
    spacing = forms.ChoiceField(
        label="TMS and ketamine", required=False, choices=APART, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, routes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(value, label[:1].upper() + label[1:]) for value, label in routes.items()]
        route: Any = self.fields["ketamine_route"]
        route.choices = [*named, ("", "Not known")]

    def clean_tms_first_day(self) -> date | None:
        """The first day of TMS, in the years of a calendar."""
        return self._in_years("tms_first_day")

    def clean_ketamine_first_day(self) -> date | None:
        """The first day of ketamine, in the years of a calendar."""
        return self._in_years("ketamine_first_day")

    def _in_years(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(DATE_PROBLEM)
        return day

    def clean_taper(self) -> tuple[int, ...]:
        """Sessions a week, week after week."""
        parts = [one for one in re.split(r"[\s,;]+", self.cleaned_data["taper"]) if one]
        if len(parts) > MOST_TAPER_WEEKS or not all(re.fullmatch("[0-7]", one) for one in parts):
            raise forms.ValidationError(
                f"Enter sessions a week from 0 to 7 with commas, such as 3, 2, 1; at most "
                f"{MOST_TAPER_WEEKS} weeks"
            )
        return tuple(int(one) for one in parts)

    def clean(self) -> dict[str, Any]:
        """The parts fit together."""
        cleaned = super().clean()
        weekdays, taper = set(cleaned.get("tms_weekdays") or ()), cleaned.get("taper")
        if weekdays and taper and max(taper) > len(weekdays):
            problem = f"Enter at most {len(weekdays)} a week: TMS has no more weekdays than that"
            self.add_error("taper", problem)
        days, count = cleaned.get("ketamine_days"), cleaned.get("ketamine_sessions")
        if days and count not in (None, len(days)):
            problem = (
                f"You wrote {len(days)} days and asked for {count} sessions. Make the two agree, "
                "or leave the number open"
            )
            self.add_error("ketamine_days", problem)
        return cleaned

    @property
    def asked(self) -> PlanAsked:
        """The plan that was filled in."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "spacing")
        }
        for name in ("tms_weekdays", "ketamine_weekdays"):
            said[name] = tuple(sorted({int(day) for day in said[name]}))
        said["tms_a_day"] = said["tms_a_day"] or 1
        return PlanAsked(**said, keep_apart=self.cleaned_data["spacing"] != "same_day")


def initial_of(asked: PlanAsked, version: int | None) -> dict[str, Any]:
    """What the form of a plan shows first, as its fields write it."""
    said: dict[str, Any] = asked.model_dump(mode="json")
    for name in ("tms_time", "ketamine_time"):
        said[name] = said[name][:5] if said[name] else ""
    for name in ("tms_weekdays", "ketamine_weekdays"):
        said[name] = [str(day) for day in said[name]]
    for name in ("ketamine_days", "closed_days"):
        said[name] = "\n".join(f"{day:%m/%d/%Y}" for day in getattr(asked, name))
    said["taper"] = ", ".join(str(count) for count in asked.taper)
    said["spacing"] = "apart" if said.pop("keep_apart") else "same_day"
    return {**said, "version": version}
