"""How outcomes are called and defined: the one source of it for pages, reports and their files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from decisions.documents.words.reading import read_words
from decisions.rules.engine.result_words import Counted
from decisions.rules.loading import FALLBACK
from decisions.rules.logic.values import Frozen, Text
from evidence.strict_yaml import read_yaml

FILE = "outcomes.yaml"


class Definition(Frozen):
    """A name with the rule behind it."""

    name: Text
    rule: Text


class ChangeWords(Frozen):
    """Words of a change."""

    response: Text
    remission: Text
    improved: Text
    no_change: Text
    worse: Text


class DayWords(Frozen):
    """One fixed day of a course."""

    assessed: Text
    so_far: Text
    without_before: Text
    missing: Text
    open: Text
    ended: Text
    before: Text
    no_before: Text
    below: Text
    relapse: Text
    held: Text
    not_followed: Text
    months: Counted
    under_a_month: Text

    def say_months(self, count: int) -> str:
        """A time in whole months."""
        return self.months.say(count) if count else self.under_a_month


class PathWords(Frozen):
    """What was led to, chosen and given."""

    close: Text
    none: Text
    no_decision: Text
    given: Text
    given_open: Text
    not_begun: Text
    sessions: Counted


class OfferWords(Frozen):
    """What proposes an answer to a question."""

    form: Text
    benefit: Text
    sessions: Text


class PictureWords(Frozen):
    """The picture of a course."""

    title: Text
    description: Text


class OutcomeWords(Frozen):
    """The file, whole. version: of the definitions, with their numbers."""

    version: Text
    definitions: tuple[Definition, ...]
    words: ChangeWords
    days: DayWords
    path: PathWords
    offers: OfferWords
    picture: PictureWords
    report: Mapping[str, Text]
    asked_of_a_claim: tuple[Text, ...]


@cache
def outcome_words() -> OutcomeWords:
    """The words. Raises WordsRefused and YamlRefused."""
    return read_words(read_yaml(FALLBACK.parent / FILE), FILE, OutcomeWords)
