"""One format of a day for people, one for data, and a moment read as people write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from kapnet.core.web.day_fields import MomentField
from kapnet.core.web.days import say_day, say_day_of
from tests.collecting import for_each

ROOT = Path(__file__).parents[4]
AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
FORMATS = {"DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "Y-m-d", "Y-m-d\\TH:i"}
"""Those of kapnet/formats, and those that a browser's controls and files take."""


def test_pages_write_days_in_one_way() -> None:
    others = [
        (page.name, found)
        for page in (ROOT / "templates").rglob("*.*")
        for found in re.findall(r'(?:\|date:|{% now )"([^"]*)"', page.read_text())
        if found not in FORMATS
    ]
    with timezone.override(UTC):
        shown = Template('{{ at|date }} / {{ at|date:"DATETIME_FORMAT" }} / {{ at }}').render(
            Context({"at": AT})
        )

        assert others == []
        assert shown == "23 November 2026 / 23 November 2026, 14:02 / 23 November 2026, 14:02"
        assert say_day_of(AT) == say_day(AT.date()) == "23 November 2026"


@for_each(
    "written",
    [
        *("2026-11-23T14:31", "2026-11-23 14:31", "23 November 2026, 14:31", "11/23/2026 14:31"),
        *(
            "Nov 23, 2026 2:31 pm",
            "23 nov 2026 2:31 PM",
            "11-23-26, 02:31 p.m.",
            "23.11.2026 14:31",
        ),
    ],
)
def test_moment_is_read_as_people_write_it(written: str) -> None:
    with timezone.override(UTC):
        assert MomentField().clean(written) == datetime(2026, 11, 23, 14, 31, tzinfo=UTC)


@for_each("written", ["14:31", "5.6.2026 14:31", "23 Nov 2026 14:31 pm", "x 1:1"])
def test_what_is_no_moment_is_refused(written: str) -> None:
    with pytest.raises(forms.ValidationError):
        MomentField().clean(written)
