"""How a result is said in few words: the one source of them for pages, letters and the command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import model_validator

from decisions.domain.outcomes import OptionOutcome, Outcome, ShownAs
from decisions.domain.rules import OptionId
from decisions.domain.values import Frozen, Text


class Counted(Frozen):
    """A sentence for one and for several."""

    one: Text
    many: Text

    def say(self, count: int) -> str:
        """The sentence with this number in it."""
        return (self.one if count == 1 else self.many).format(count=count)


class PairWords(Frozen):
    """Sentences about both at once in one patient."""

    stops: Counted
    reviews: Counted
    bars: Counted
    nothing: Text
    missing: Counted
    for_both: Counted
    against_both: Counted
    nothing_for_both: Text


class ResultWords(Frozen):
    """Raises pydantic.ValidationError where a word is missing."""

    shown_as: Mapping[ShownAs, Text]
    prefers: Text
    pair: PairWords

    @model_validator(mode="after")
    def _has_all_words(self) -> Self:
        if missing := set(ShownAs) - set(self.shown_as):
            raise ValueError(f"shown_as: add {', '.join(sorted(missing))}")
        return self


def say_pair(words: PairWords, outcome: Outcome) -> str:
    """What holds of both at once in one patient, in short sentences, from the outcome alone."""
    return " ".join(_sentences(words, outcome.options[OptionId.BOTH]))


def _sentences(words: PairWords, both: OptionOutcome) -> Iterator[str]:
    if not both.stops and not both.reviews:
        yield words.nothing
    counted = (
        (words.stops, both.stops),
        (words.reviews, both.reviews),
        (words.missing, _waits_for(both)),
        (words.bars, both.bars),
        (words.for_both, both.favour),
        (words.against_both, [one for one in both.against if not one.bars]),
    )
    yield from (sentence.say(len(found)) for sentence, found in counted if found)
    if not both.favour:
        yield words.nothing_for_both


def _waits_for(one: OptionOutcome) -> set[str]:
    """The questions that a stop, a review or a bar waits for."""
    return {name for each in (*one.pending, *one.pending_bars) for name in each.waits_for}
