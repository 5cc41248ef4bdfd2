"""Lists and labels that are words of an edition, and where its words do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.result_words import ResultWords
from decisions.rules.logic.values import Frozen, Text

Words = Mapping[str, Text]


class ListWords(Frozen):
    """A file with one list to choose from, by the name under which a value is kept."""

    edition: str = ""
    entries: Words


class LabelWords(Frozen):
    """letter_labels.yaml: how a letter says a value, where the label of the form reads badly."""

    edition: str = ""
    labels: Mapping[str, Words]


def problems_of_labels(labels: Mapping[str, Words], edition: Edition) -> Iterator[str]:
    """Labels of a question or a value that the edition does not have."""
    for question_id, words in labels.items():
        if not edition.questionnaire.has_question(question_id):
            yield f"no question is called {question_id}"
        elif wrong := sorted(words.keys() - edition.questionnaire.question(question_id).values):
            yield f"{question_id} has no value {', '.join(wrong)}"


def problems_between(pages: ResultWords, letter: LetterWords) -> Iterator[str]:
    """Where a letter calls an option otherwise than the pages do."""
    for option, name in pages.options.items():
        if letter.options.get(option) != name:
            yield f"options, {option}: pages say {name}, letters {letter.options.get(option)}"
