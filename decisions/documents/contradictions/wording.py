"""The words and limits of what is asked where two things do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from decisions.documents.words.reading import read_words
from decisions.rules.loading import FALLBACK
from decisions.rules.logic.values import Frozen, Text
from evidence.strict_yaml import read_yaml

FILE = "contradictions.yaml"
Names = tuple[Text, ...]


class Treated(Frozen):
    """A question about an earlier treatment. answers: value -> results of rows that it fits."""

    kinds: Names
    answers: Mapping[str, tuple[Text, ...]]


class Code(Frozen):
    """A code of a diagnosis, and what fits it; empty where everything does.

    words: what a specifier beside it may not say. severity: bands of PHQ-9.
    """

    name: Text
    diagnosis: Names
    words: Names = ()
    severity: Names = ()
    psychosis: Names = ()


class ContradictionWords(Frozen):
    """The file, whole.

    by_how_much: class of medicines -> questions whose answer is about how much of it is taken.
    most_days: urgency -> the days that it leaves at most.
    """

    says: Mapping[str, Text]
    one_row: Text
    result_not_known: Text
    courses: Text
    one_course: Text
    best_by_scores: Text
    percent: Text
    sessions: Text
    trials: Text
    none: Text
    treated: Mapping[str, Treated]
    best_response: Mapping[str, int]
    antidepressants: Names
    by_how_much: Mapping[str, Names]
    most_days: Mapping[str, int]
    codes: Mapping[str, Code]


@cache
def contradiction_words() -> ContradictionWords:
    """The words. Raises WordsRefused and YamlRefused."""
    return read_words(read_yaml(FALLBACK.parent / FILE), FILE, ContradictionWords)
