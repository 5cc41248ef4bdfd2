"""What a patient answered so far: card -> when, and question -> the place of the answer.

Of PHQ-9 and GAD-7 the questions are item1, item2 and so on, and the answers their points.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument, Scores

SAFETY_FIELD = f"item{SAFETY_ITEM}"


def item9_in(card: str, answers: Mapping[str, int]) -> int:
    """The points of item 9 in these answers; 0 where they do not tell."""
    return answers.get(SAFETY_FIELD, 0) if card == "phq9" else 0


class Draft:
    """The answers of one link."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = dict(raw)

    def answers_to(self, card: str) -> dict[str, int]:
        """What was answered on a card."""
        return dict(self.raw.get(card, {}).get("answers", {}))

    def shown_to(self, card: str, *, since: datetime | None) -> dict[str, int]:
        """What this browser may show: answered since it holds the link, and nothing before."""
        at = self.raw.get(card, {}).get("at")
        if at is None or since is None or datetime.fromisoformat(at) < since:
            return {}
        return self.answers_to(card)

    def was_seen(self, card: str) -> bool:
        """Whether the page was sent, with answers or without."""
        return card in self.raw

    def keep(self, card: str, answers: Mapping[str, int], *, at: datetime, clears: bool) -> None:
        """Lay these over what is there; a page that is sent with an answer left out keeps it."""
        before = {} if clears else self.answers_to(card)
        self.raw[card] = {"at": at.isoformat(), "answers": {**before, **answers}}

    def scores_of(self, instrument: Instrument) -> Scores:
        """The scores of a form, finished or not."""
        given = self.answers_to(instrument.id)
        return Scores(items=tuple(given.get(f"item{one.n}") for one in instrument.items))
