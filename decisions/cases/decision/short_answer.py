"""The answer of an outcome in the words of its edition: one function for every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from decisions.cases.decision.cited import findings_in
from decisions.documents.letter.loading import load_words
from decisions.documents.words.reading import result_words
from decisions.rules.engine.composed_answer import ComposedAnswer, compose_answer
from decisions.rules.engine.outcomes import Finding, Outcome
from evidence.ending import Endings


def answer_of(outcome: Outcome, endings: Endings | None = None) -> ComposedAnswer:
    """One or two sentences. For a case give `CaseFile.shown` and its `endings`: while something
    comes first, the answer says that alone (`acts_first`)."""
    words = result_words(outcome.edition)
    return compose_answer(outcome, words, _phrases_in(outcome, endings))


def phrases_of(edition_id: str, endings: Endings | None) -> Callable[[Finding], str]:
    """Says a true rule in few words, and that something it rests on has ended."""
    findings = load_words(edition_id).findings
    if endings is None or not endings.sources:
        return lambda finding: findings[finding.rule]

    def say(finding: Finding) -> str:
        phrase = findings[finding.rule]
        within = endings.within(finding.rests_on)
        return f"{phrase} ({within})" if within else phrase

    return say


def _phrases_in(outcome: Outcome, endings: Endings | None) -> Mapping[str, str]:
    """Only what a sentence can say: notes have no phrase."""
    say, said = phrases_of(outcome.edition, endings), load_words(outcome.edition).findings
    return {one.rule: say(one) for one in findings_in(outcome) if one.rule in said}
