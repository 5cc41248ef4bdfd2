"""Why a question is asked: the rules that use its answer, generated from the edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from decisions.cases.decision.ended import say_rule
from decisions.documents.words.reading import result_words
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import OptionId, Rule
from decisions.rules.logic.conditions import ids_in
from decisions.rules.question_names import question_names
from evidence.domain.entries import Source
from evidence.ending import Endings


@dataclass(frozen=True)
class RuleInWords:
    """One rule as the disclosure shows it."""

    rule: Rule
    says: str
    sources: tuple[tuple[Source, bool], ...]
    """Each with whether it is retracted."""


@lru_cache(maxsize=512)
def why_asked(edition: Edition, endings: Endings, question_id: str) -> SafeString:
    """The content of "Why do we ask?", rendered once a day for each edition and evidence."""
    names = question_names(edition.id)
    context = {
        "edition_words": result_words(edition.id),
        "rules": [_in_words(rule, endings) for rule in edition.rules_using(question_id)],
        "opens": [names[name] for name in opened_by(edition, question_id)],
    }
    return render_to_string("decisions/_why.html", context)


def _in_words(rule: Rule, endings: Endings) -> RuleInWords:
    evidence = endings.evidence
    sources = tuple((evidence.source(key), evidence.is_retracted(key)) for key in rule.evidence)
    return RuleInWords(rule, say_rule(rule, endings), sources)


def opened_by(edition: Edition, question_id: str) -> tuple[str, ...]:
    """The questions that are asked only for some answers to this one, directly or in turn."""
    questionnaire = edition.questionnaire
    found = {question_id}
    for question in questionnaire.evaluation_order:
        if any(questionnaire.owner_of(name).id in found for name in ids_in(question.ask_when)):
            found.add(question.id)
    return questionnaire.in_order(found - {question_id})


def options_waiting(outcome: Outcome) -> dict[str, tuple[OptionId, ...]]:
    """Question id -> the options that cannot be cleared until it is known."""
    waiting: dict[str, tuple[OptionId, ...]] = {}
    for option, one in outcome.options.items():
        for name in {name for pending in one.pending for name in pending.waits_for}:
            waiting[name] = (*waiting.get(name, ()), option)
    return waiting
