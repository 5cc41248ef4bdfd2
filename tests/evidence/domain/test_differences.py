"""Differences word by word: what changed is marked, and long stretches that stayed are counted."""

from __future__ import annotations

from evidence.domain.differences import Difference, marked
from evidence.domain.terms import EntryKind
from evidence.presenters.differences import present_differences
from tests.collecting import for_each

LONG = " ".join(f"w{n}" for n in range(100))


def as_text(before: str, after: str) -> str:
    """-removed-, +added+ and [left out], one line a line."""
    signs = {"removed": "-{}-", "added": "+{}+", "left_out": "[{}]", "same": "{}"}
    lines = (
        " ".join(signs[one.how].format(one.text) for one in line) for line in marked(before, after)
    )
    return "\n".join(lines)


@for_each(
    ("before", "after", "expected"),
    [
        ("Low certainty", "Very low certainty", "-Low- +Very low+ certainty"),
        ("", "New", "+New+"),
        ("Gone", "", "-Gone-"),
        ("a b c", "a c", "a -b- c"),
        ("one\ntwo", "one\ntwo\nthree", "one\ntwo\n+three+"),
        ("one\ntwo\nthree", "one\nthree", "one\n-two-\nthree"),
        ("same", "same", "same"),
    ],
)
def test_what_changed_is_marked(before: str, after: str, expected: str) -> None:
    assert as_text(before, after) == expected


def test_words_between_changes_are_counted_and_the_next_ones_shown() -> None:
    words = LONG.split()
    after = " ".join([*words[:50], "NEW", *words[50:]])

    text = as_text(LONG, after)

    assert text == (
        f"[38 words as before] {' '.join(words[38:50])} +NEW+ {' '.join(words[50:62])} "
        "[38 words as before]"
    )


def test_changed_line_of_a_list_says_how_it_begins() -> None:
    text = as_text(f"measure response {LONG}\nother", f"measure response {LONG} NEW\nother")

    assert text.startswith("measure response w0")
    assert text.splitlines()[0].endswith("+NEW+")


def test_fields_and_values_are_in_the_words_of_the_forms() -> None:
    found = [
        Difference("certainty", "low", "very_low"),
        Difference("bears on", "tms_efficacy", "tms_efficacy\nsequence"),
    ]

    certainty, bears_on = present_differences(EntryKind.SOURCE, found)

    assert (certainty.before, certainty.after) == ("Low certainty", "Very low certainty")
    assert bears_on.field == "questions it helps to answer"
    assert bears_on.after.splitlines() == ["Whether TMS works", "Which one first"]
