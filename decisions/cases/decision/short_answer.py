"""The answer of an outcome in the words of its edition: one function for every page."""

from __future__ import annotations

from decisions.documents.letter.loading import load_words
from decisions.documents.words.reading import result_words
from decisions.rules.engine.composed_answer import ComposedAnswer, compose_answer
from decisions.rules.engine.outcomes import Outcome


def answer_of(outcome: Outcome) -> ComposedAnswer:
    """One or two sentences. For a case give `CaseFile.shown`: while something comes first, the
    answer says that alone (`acts_first`)."""
    findings = load_words(outcome.edition).findings
    return compose_answer(outcome, result_words(outcome.edition), findings)
