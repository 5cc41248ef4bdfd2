"""How far a form such as the PHQ-9 is: its total with the band, or what is still open."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Band, Scores, band_of
from decisions.rules.questionnaire.questionnaire import Question


@dataclass(frozen=True)
class Tally:
    """How far a form is: the total with its band, or the items that are open.

    lacks_safety_item: points are in the total, and not known of the item on self-harm.
    """

    total: int | None
    highest: int
    band: Band | None
    answered: int
    items: int
    open_items: tuple[int, ...]
    entered: bool
    lacks_safety_item: bool


def tally_of(question: Question, answers: Answers) -> Tally | None:
    """How far a form is, from the stored answer; None for other questions."""
    instrument, value = question.instrument, answers.get(question.id)
    if instrument is None:
        return None
    scores = value if isinstance(value, Scores) else Scores()
    total = scores.total
    missing = (n for n, score in enumerate(scores.items or (), start=1) if score is None)
    return Tally(
        total=total,
        highest=instrument.range[1],
        band=None if total is None else band_of(instrument, total),
        answered=scores.items_answered,
        items=len(instrument.items),
        open_items=tuple(missing) if scores.items_answered else (),
        entered=scores.entered_total is not None,
        lacks_safety_item=instrument.has_safety_item
        and bool(total)
        and scores.item(SAFETY_ITEM) is None,
    )
