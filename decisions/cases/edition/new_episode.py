"""Which answers a new episode begins with: a list of the edition says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Answer
from decisions.documents.words.reading import WordsRefused, read_words_of
from decisions.rules.edition_answers import counts_under
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import load_edition
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer

LIST = "new_episode.yaml"


class NewEpisode(Frozen):
    """holds: question -> the answers that hold in a later episode of the same patient, too."""

    edition: str
    holds: Mapping[str, tuple[str, ...]]


@cache
def what_holds(edition_id: str) -> Mapping[str, frozenset[str]]:
    """Question -> the answers that are copied. Raises WordsRefused."""
    holds = read_words_of(edition_id, LIST, NewEpisode).holds
    if problems := [*_problems(holds, load_edition(edition_id))]:
        raise WordsRefused(f"{LIST}: {'; '.join(problems)}")
    return {question: frozenset(values) for question, values in holds.items()}


def _problems(holds: Mapping[str, tuple[str, ...]], edition: Edition) -> Iterator[str]:
    for name, values in holds.items():
        if not edition.questionnaire.has_question(name):
            yield f"there is no question {name}"
            continue
        question = edition.questionnaire.question(name)
        for value in values:
            try:
                read_answer(question, value)
            except AnswerProblem as problem:
                yield f"{name}, {value}: {problem}"


def copied_answers(file: CaseFile, *, edition_id: str) -> Iterator[Answer]:
    """The stored answers of a case that a new one under this edition begins with."""
    for name, values in sorted(what_holds(edition_id).items()):
        row = file.rows.get(name)
        if row is None or not isinstance(row.value, str) or row.value not in values:
            continue
        if counts_under(edition_id, name, row.value, asked_by=row.edition):
            yield row
