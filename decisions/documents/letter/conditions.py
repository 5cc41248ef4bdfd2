"""Conditions that are ticked in one question, and the names by which a letter prints them."""

from __future__ import annotations

from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.edition import Edition


def problems_of_conditions(words: LetterWords, edition: Edition) -> tuple[str, ...]:
    """What does not fit: a letter prints only what has a name, and would leave out the rest."""
    asked = (one for one in edition.questionnaire.questions if one.id == "comorbidities")
    conditions = {option.value for one in asked for option in one.options}
    wrong = sorted(conditions ^ words.ticked.keys())
    return (f"ticked: add or remove {', '.join(wrong)}",) if wrong else ()
