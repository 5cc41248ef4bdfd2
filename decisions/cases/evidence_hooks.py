"""What is told to the evidence app, which knows nothing of rules and questions.

Which rules cite a source, what its search finds by rules and questions, and which rules nothing
supports any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.utils import timezone

from decisions.cases.decision.ended import say_rule
from decisions.rules.engine.certainty_limits import best_support
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rule_sources import sources_of_rule
from decisions.rules.engine.rules import Rule, Weight
from decisions.rules.loading import CURRENT_EDITION, edition_ids, load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.questionnaire import Question
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.hooks import Topic, Usage
from evidence.queries import current_evidence
from evidence.todo import ToDo, ToDoKind

UNSUPPORTED = "Weighs nothing, for no source or position supports it"


def rules_citing(key: str) -> list[Usage]:
    """The rules that rest on a source or are limited by it, those of the current edition first.

    A rule of an earlier edition names it, unless the current one has it in the same words.
    """
    editions = sorted(edition_ids(), key=lambda one: one != CURRENT_EDITION)
    evidence = current_evidence()
    found: dict[str, Usage] = {}
    for edition_id in editions:
        for rule in load_edition(edition_id).rules:
            if key in _keys(rule):
                is_current = edition_id == CURRENT_EDITION
                told = rule.because if is_current else f"{rule.because} (edition {edition_id})"
                rests_on = sources_of_rule(rule, evidence)
                found.setdefault(rule.because, Usage(told, "", "rule", rests_on))
    return list(found.values())


@cache
def topics_of_edition() -> tuple[Topic, ...]:
    """The rules of the current edition, then its questions, as far as they rest on a source."""
    edition = load_edition()
    found = [_topic_of_rule(rule) for rule in edition.rules]
    found += [_topic_of_question(one, edition) for one in edition.questionnaire.questions]
    return tuple(topic for topic in found if topic.keys)


def _topic_of_rule(rule: Rule) -> Topic:
    return Topic("rule", rule.id, rule.because, rule.because, _keys(rule))


def _topic_of_question(question: Question, edition: Edition) -> Topic:
    name = question_names(edition.id)[question.id]
    keys = [_keys(rule) for rule in edition.rules_using(question.id)]
    return Topic("question", question.id, name, f"{name} {question.ask}", frozenset().union(*keys))


def _keys(rule: Rule) -> frozenset[str]:
    return frozenset((*rule.evidence, *rule.counter))


def rules_without_support(evidence: EvidenceBase) -> Iterator[ToDo]:
    """A line for each favor or against rule of the current edition that has lost its support."""
    endings = Endings(evidence, timezone.localdate())
    for rule in unsupported_rules(load_edition(), evidence):
        yield ToDo(
            kind=ToDoKind.RULE_WITHOUT_SUPPORT,
            label=rule.id,
            sentence=f"{UNSUPPORTED}: {say_rule(rule, endings)}",
        )


def unsupported_rules(edition: Edition, evidence: EvidenceBase) -> tuple[Rule, ...]:
    """The rules that need support from evidence and have none. Practical rules need none."""
    return tuple(
        rule
        for rule in edition.rules
        if rule.strength is not None
        and not rule.is_practical
        and best_support(rule, evidence) is Weight.NONE
    )
