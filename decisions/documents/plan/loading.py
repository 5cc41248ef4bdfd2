"""The only reader of plan.yaml: strict, and checked against its edition and the dossier."""

from __future__ import annotations

from functools import cache

from pydantic import ValidationError

from decisions.documents.plan.conflicts import PlanWords, problems_of_plan
from decisions.rules.loading import CURRENT_EDITION, file_of_words, load_edition
from evidence.loading import load_dossier
from evidence.strict_yaml import YamlRefused, first_fault, read_yaml

FILE = "plan.yaml"


class PlanWordingRefused(ValueError):
    """Words or rules of plans that cannot be used; the message says where and what."""


@cache
def load_plan_words(edition_id: str = CURRENT_EDITION) -> PlanWords:
    """The words and rules of plans in one edition.

    Raises PlanWordingRefused for unknown or missing keys, and for sources and rules that do not
    exist.
    """
    try:
        raw = read_yaml(file_of_words(edition_id, FILE))
    except YamlRefused as error:
        raise PlanWordingRefused(str(error)) from error
    return read_plan_words(raw, edition_id)


def read_plan_words(raw: object, edition_id: str = CURRENT_EDITION) -> PlanWords:
    """The words in this plain data, checked. Raises PlanWordingRefused."""
    try:
        words = PlanWords.model_validate(raw)
    except ValidationError as error:
        raise PlanWordingRefused(first_fault(error, FILE)) from error
    if problems := problems_of_plan(words, load_edition(edition_id), load_dossier()):
        raise PlanWordingRefused("\n".join(f"{FILE}, {problem}" for problem in problems))
    return words
