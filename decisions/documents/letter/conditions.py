"""Conditions that are ticked in one question, and the names by which a letter prints them."""

from __future__ import annotations

from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.edition import Edition
from evidence.strict_yaml import wrong_keys


def problems_of_conditions(words: LetterWords, edition: Edition) -> tuple[str, ...]:
    """What does not fit: a letter prints only what has a name, and would leave out the rest."""
    asked = (one for one in edition.questionnaire.questions if one.id == "comorbidities")
    conditions = {option.value for one in asked for option in one.options}
    wrong = wrong_keys(words.ticked, conditions)
    return (f"ticked: {wrong}",) if wrong else ()
