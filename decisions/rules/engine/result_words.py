"""How a result is said in few words: the one source of them for pages, letters and the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Self

from pydantic import model_validator

from decisions.rules.engine.answer_words import AnswerWords
from decisions.rules.engine.outcomes import OptionOutcome, Outcome, ShownAs, Verdict
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.logic.values import Frozen, Text


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


BAR = "bar"
"""An effect of its own in words: a reason against that holds the option back."""
GENERAL_NOTE = "general_note"
"""A note that names no option."""
FIRST_COURSE, NONE_NOW = "first_course", "none_now"
"""Names besides those of the options: of TMS without an earlier course, and of none of them."""


class ResultWords(Frozen):
    """Raises pydantic.ValidationError where a word is missing or one is too many.

    edition: empty in the file that several share.
    """

    edition: str = ""
    shown_as: Mapping[ShownAs, Text]
    prefers: Text
    pair: PairWords
    options: Mapping[str, Text]
    options_in_a_sentence: Mapping[str, Text]
    verdicts_in_a_sentence: Mapping[str, Text]
    effects: Mapping[str, Text]
    answer: AnswerWords

    @model_validator(mode="after")
    def _has_each_word_once(self) -> Self:
        wanted: tuple[tuple[str, set[str]], ...] = (
            ("shown_as", {*ShownAs}),
            ("options", {*OptionId, FIRST_COURSE, NONE_NOW}),
            ("options_in_a_sentence", {*OptionId}),
            ("verdicts_in_a_sentence", {*Verdict}),
            ("effects", {*Effect, BAR, GENERAL_NOTE}),
        )
        for field, keys in wanted:
            if missing := sorted(keys - getattr(self, field).keys()):
                raise ValueError(f"{field}: add {', '.join(missing)}")
            if strange := sorted(getattr(self, field).keys() - keys):
                raise ValueError(f"{field}: remove {', '.join(strange)}")
        return self


def option_name(words: ResultWords, option: str, *, first_course: bool) -> str:
    """The name of an option. first_course: with no earlier course TMS is a first one."""
    is_first = first_course and option == OptionId.REPEAT_TMS
    return words.options[FIRST_COURSE if is_first else option]


def options_in_a_sentence(words: ResultWords, options: Iterable[str]) -> str:
    """Options inside a sentence: ketamine, TMS and both at once."""
    named = [words.options_in_a_sentence[one] for one in options]
    return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))


def effect_in_words(words: ResultWords, rule: Rule) -> str:
    """What a rule does, and for which options."""
    key: str = rule.effect
    if rule.bars:
        key = BAR
    elif rule.effect is Effect.NOTE and not rule.options:
        key = GENERAL_NOTE
    return words.effects[key].format(options=options_in_a_sentence(words, rule.options))


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
