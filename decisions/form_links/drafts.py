"""What a patient answered so far: card -> question -> the place of the answer, when, and its words.

Of PHQ-9 and GAD-7 the questions are item1, item2 and so on, and the answers their points.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument, Scores


class Said(NamedTuple):
    """One answer with its question, in the words that the patient read. value: as an answer."""

    ask: str
    say: str
    value: str | None


SAFETY_FIELD = f"item{SAFETY_ITEM}"


def item9_in(card: str, answers: Mapping[str, int]) -> int:
    """The points of item 9 in these answers; 0 where they do not tell."""
    return answers.get(SAFETY_FIELD, 0) if card == "phq9" else 0


def _plain(said: Mapping[str, Said]) -> dict[str, list[str | None]]:
    return {name: list(one) for name, one in said.items()}


class Draft:
    """The answers of one link."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = dict(raw)

    def answers_to(self, card: str) -> dict[str, int]:
        """What was answered on a card."""
        return dict(self.raw.get(card, {}).get("answers", {}))

    def answered_at(self, card: str, question: str = "") -> datetime:
        """When a question of a card was answered; the whole card, with its last question."""
        given = self.raw[card]["at"]
        return datetime.fromisoformat(given[question] if question else max(given.values()))

    def shown_to(self, card: str, *, since: datetime | None) -> dict[str, int]:
        """What this browser may show: answered since it holds the link, and nothing before."""
        given = self.raw.get(card, {}).get("at", {})
        return {
            name: value
            for name, value in self.answers_to(card).items()
            if since is not None and datetime.fromisoformat(given[name]) >= since
        }

    def was_seen(self, card: str) -> bool:
        """Whether the page was sent, with answers or without."""
        return card in self.raw

    def said_on(self, card: str) -> dict[str, Said]:
        """What was answered on a card of questions, in the words of that day."""
        return {name: Said(*one) for name, one in self.raw.get(card, {}).get("said", {}).items()}

    def keep(
        self,
        card: str,
        answers: Mapping[str, int],
        *,
        at: datetime,
        clears: bool,
        said: Mapping[str, Said],
    ) -> None:
        """Lay these over what is there; a page that is sent with an answer left out keeps it."""
        before = {} if clears else self.raw.get(card, {})
        given = dict.fromkeys(answers, at.isoformat())
        self.raw[card] = {
            name: {**before.get(name, {}), **new}
            for name, new in (("answers", answers), ("at", given), ("said", _plain(said)))
        }

    def scores_of(self, instrument: Instrument) -> Scores:
        """The scores of a form, finished or not."""
        given = self.answers_to(instrument.id)
        return Scores(items=tuple(given.get(f"item{one.n}") for one in instrument.items))
