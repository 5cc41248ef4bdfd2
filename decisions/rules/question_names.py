"""Short names of questions, read from the edition's folder and checked to be complete."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from decisions.rules.loading import file_of_words, load_edition
from evidence.strict_yaml import read_yaml, wrong_keys

FILE = "question_names.yaml"


class QuestionNamesError(ValueError):
    """Names that do not fit the edition; the message says which and how to fix it."""


@cache
def question_names(edition_id: str) -> Mapping[str, str]:
    """Question id -> short name, for every question of the edition and no other.

    Raises QuestionNamesError.
    """
    raw = read_yaml(file_of_words(edition_id, FILE))
    if not isinstance(raw, dict) or raw.keys() != {"edition", "names"}:
        raise QuestionNamesError(f"{FILE}: it must hold edition and names, nothing else")
    names, edition = raw["names"], load_edition(edition_id)
    if raw["edition"] != edition.id or not isinstance(names, dict):
        raise QuestionNamesError(f"{FILE}: name edition {edition.id} and map ids to names")
    asked = {question.id for question in edition.questionnaire.questions}
    if wrong := wrong_keys(names, asked):
        raise QuestionNamesError(f"{FILE}: {wrong}")
    return {str(key): str(name) for key, name in names.items()}
