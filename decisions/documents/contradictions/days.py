"""Days against urgency: plan, letter and answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from decisions.documents.contradictions.compared import (
    HOW_SOON,
    PLAN,
    REPLY_BY,
    Compared,
    Mismatch,
)
from decisions.documents.letter.phrasing import say_date

SPEED = "speed_needed"
QUESTIONS = frozenset({SPEED})


def mismatches_of_days(compared: Compared) -> Iterator[Mismatch]:
    """What comes later than the urgency that was said."""
    most = compared.words.most_days
    needed, how_soon = most.get(str(compared.value(SPEED))), most.get(compared.how_soon)
    planned, reply_by = compared.first_planned, compared.reply_by
    asked = {"how_soon": compared.how_soon_in_words}
    if needed and planned and compared.days_until(planned) > needed:
        said = _in_days(compared, planned)
        yield compared.mismatch("plan_answer", questions=(SPEED,), places=(PLAN,), filled=said)
    if needed and how_soon and how_soon > needed:
        yield compared.mismatch(
            "letter_answer", questions=(SPEED,), places=(HOW_SOON,), filled=asked
        )
    if how_soon and planned and compared.days_until(planned) > how_soon != needed:
        said = _in_days(compared, planned) | asked
        yield compared.mismatch("plan_letter", places=(PLAN, HOW_SOON), filled=said)
    if how_soon and reply_by and compared.days_until(reply_by) > how_soon:
        said = _in_days(compared, reply_by) | asked
        yield compared.mismatch("reply_letter", places=(REPLY_BY, HOW_SOON), filled=said)


def _in_days(compared: Compared, day: date) -> dict[str, str]:
    return {"day": say_date(day), "days": str(compared.days_until(day))}
