"""What in a row of treatment history cannot be right: scores off their scale, days out of order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.partial_date import ends_before, is_after, is_before
from decisions.rules.logic.values import Frozen

SCORES = ("score", "score_before", "score_after")
PAST = ("started", "ended", "score_before_on", "score_after_on", "lost_on", "taken", "since")
"""Days that have been, and that lie in the life of the patient."""

OF_THE_CHANGE = frozenset(("score_before", "score_after", "score_before_on", "score_after_on"))
"""Fields that a change of the score is worked out from."""

ORDERED = (
    ("started", "ended", "end_first"),
    ("score_before_on", "score_after_on", "after_first"),
    ("started", "lost_on", "lost_first"),
)
"""Two days, of which the second is not before the first, and the doubt where it is."""


class Life(NamedTuple):
    """From the birth, where it is known, to today."""

    born: date | None
    today: date


class Doubt(NamedTuple):
    """A field whose value cannot be right, and why, in a sentence."""

    field: str
    why: str


def doubts_about(row: Frozen, words: HistoryWords, life: Life) -> Iterator[Doubt]:
    """Everything in a row that cannot be right, one for each field."""
    found: dict[str, str] = {}
    for doubt in (*_scores(row, words), *_days(row, words, life)):
        found.setdefault(*doubt)
    yield from (Doubt(field, why) for field, why in found.items())


def _scores(row: Frozen, words: HistoryWords) -> Iterator[Doubt]:
    scale = getattr(row, "scale", "")
    if (limits := words.ranges.get(scale)) is None:
        return
    for field in SCORES:
        score = getattr(row, field, None)
        if score is not None and not limits.lowest <= score <= limits.highest:
            name = words.say("scales", scale, scale)
            why = words.doubts["outside"].format(name=name, **limits.model_dump())
            yield Doubt(field, why)


def _days(row: Frozen, words: HistoryWords, life: Life) -> Iterator[Doubt]:
    days = {field: day for field in PAST if (day := getattr(row, field, ""))}
    for field, day in days.items():
        if is_after(day, life.today):
            yield Doubt(field, words.doubts["to_come"])
        if life.born and is_before(day, life.born):
            yield Doubt(field, words.doubts["before_birth"])
    for first, second, doubt in ORDERED:
        if ends_before(days.get(first, ""), days.get(second, "")):
            yield Doubt(second, words.doubts[doubt])
