"""The only reader of the words that an edition has beside its letter and its plan.

Each file is that of the edition, or the one in `fallback/` that closed editions share.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from pydantic import ValidationError

from decisions.documents.words.edition_words import LabelWords, ListWords, problems_of_labels
from decisions.rules.engine.result_words import ResultWords
from decisions.rules.loading import CURRENT_EDITION, file_of_words, folder_of, load_edition
from decisions.rules.logic.values import Frozen
from evidence.strict_yaml import YamlRefused, first_fault, read_yaml
from kapnet.core.web.guidance import GuidanceUnavailable

PAGES, LABELS = "words.yaml", "letter_labels.yaml"
LISTS = {"classes": "medicines.yaml", "events": "events.yaml", "episodes": "episodes.yaml"}
"""Name of a list -> its file."""

Model = TypeVar("Model", bound=Frozen)


class WordsRefused(GuidanceUnavailable, ValueError):
    """Words of an edition that cannot be used; the message says where and what."""


@cache
def result_words(edition_id: str = CURRENT_EDITION) -> ResultWords:
    """How pages, letters and the command say a result. Raises WordsRefused."""
    return read_words_of(edition_id, PAGES, ResultWords)


@cache
def lists_of(edition_id: str, *, own: bool) -> dict[str, dict[str, str]]:
    """The lists to choose from, by name: those of the edition, or those it falls back on.

    Raises WordsRefused.
    """
    return {
        name: dict(read_words_of(edition_id, file, ListWords).entries)
        for name, file in LISTS.items()
        if is_own(edition_id, file) is own
    }


@cache
def labels_of(edition_id: str) -> dict[str, dict[str, str]]:
    """Question -> value -> how a letter says it. Raises WordsRefused."""
    labels = read_words_of(edition_id, LABELS, LabelWords).labels
    if problems := [*problems_of_labels(labels, load_edition(edition_id))]:
        raise WordsRefused(f"{LABELS}: {'; '.join(problems)}")
    return {question: dict(words) for question, words in labels.items()}


def is_own(edition_id: str, name: str) -> bool:
    """Whether an edition has a file of words itself."""
    return file_of_words(edition_id, name).parent == folder_of(edition_id)


def read_words_of(edition_id: str, name: str, model: type[Model]) -> Model:
    """The words in one file of an edition. Raises WordsRefused."""
    try:
        words = read_words(read_yaml(file_of_words(edition_id, name)), name, model)
    except YamlRefused as error:
        raise WordsRefused(str(error)) from error
    if is_own(edition_id, name) and words.edition != edition_id:  # type: ignore[attr-defined]
        raise WordsRefused(f"{name}: write edition {edition_id}")
    return words


def read_words(raw: object, name: str, model: type[Model]) -> Model:
    """The words in this plain data of a file. Raises WordsRefused."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise WordsRefused(first_fault(error, name)) from error
