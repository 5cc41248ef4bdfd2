"""Days that are known in part are read as people write them, and printed in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.documents.letter.partial_date import ends_before, is_after, read_partial, say_partial
from tests.collecting import for_each


@for_each(
    ("typed", "kept", "said"),
    [
        ("2024", "2024", "2024"),
        ("May 2024", "2024-05", "May 2024"),
        ("sep. 2024", "2024-09", "September 2024"),
        ("5/2024", "2024-05", "May 2024"),
        ("5/17/2024", "2024-05-17", "17 May 2024"),
        ("May 17, 2024", "2024-05-17", "17 May 2024"),
        (" 2024-5-7 ", "2024-05-07", "7 May 2024"),
        ("17 May 2024", "2024-05-17", "17 May 2024"),
        ("5-17-2024", "2024-05-17", "17 May 2024"),
        ("5/17/24", "2024-05-17", "17 May 2024"),
        ("5/17/84", "1984-05-17", "17 May 1984"),
        ("2024/05/17", "2024-05-17", "17 May 2024"),
        ("05.17.2024", "2024-05-17", "17 May 2024"),
        ("17.5.2024", "2024-05-17", "17 May 2024"),
        ("5.5.2024", "2024-05-05", "5 May 2024"),
        ("May, 2024", "2024-05", "May 2024"),
        ("Mar 3rd 2024", "2024-03-03", "3 March 2024"),
        ("3rd March, 2024", "2024-03-03", "3 March 2024"),
        ("Sept 2024", "2024-09", "September 2024"),
    ],
)
def test_written_day_is_kept_and_said(typed: str, kept: str, said: str) -> None:
    assert read_partial(typed) == kept
    assert say_partial(kept) == said


@for_each(
    "typed",
    [
        "last year",
        "13/2024",
        "2/30/2024",
        "ma 2024",
        "ju 2024",
        "0012",
        "5.6.2024",
        "17/5/2024",
        "5/24",
        "٢٠٢٤x",
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="Write a year, a month or a day"):
        read_partial(typed)


def test_open_stays_open() -> None:
    assert read_partial("  ") == ""


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_is_read_as_it_is_said(day: date) -> None:
    kept = day.isoformat()
    assert read_partial(say_partial(kept)) == kept
    assert read_partial(say_partial(kept[:7])) == kept[:7]
    assert read_partial(f"{day.month}/{day.day}/{day.year}") == kept


@for_each(
    ("started", "ended", "wrong"),
    [
        ("2024", "2023", True),
        ("2024-05", "2024", False),
        ("2024-05-17", "2024-05-16", True),
        ("2024", "", False),
        ("", "2024", False),
    ],
)
def test_end_before_start_is_seen_as_far_as_both_are_known(
    started: str, ended: str, wrong: bool
) -> None:
    assert ends_before(started, ended) == wrong


def test_day_to_come_is_seen_as_far_as_it_is_known() -> None:
    today = date(2026, 11, 23)
    assert is_after("2027", today)
    assert is_after("2026-12", today)
    assert not is_after("2026", today)
    assert not is_after("2026-11-23", today)
