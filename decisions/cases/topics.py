"""Rules and questions as topics of the evidence search, which knows nothing of either."""

from __future__ import annotations

from functools import cache

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Rule
from decisions.rules.loading import load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.questionnaire import Question
from evidence.topics import Topic, register


@cache
def topics_of_edition() -> tuple[Topic, ...]:
    """The rules of the current edition, then its questions, as far as they rest on a source."""
    edition = load_edition()
    found = [_rule(rule) for rule in edition.rules]
    found += [_question(one, edition) for one in edition.questionnaire.questions]
    return tuple(topic for topic in found if topic.keys)


def _rule(rule: Rule) -> Topic:
    return Topic("rule", rule.id, rule.because, rule.because, _keys(rule))


def _question(question: Question, edition: Edition) -> Topic:
    name = question_names(edition.id)[question.id]
    keys = [_keys(rule) for rule in edition.rules_using(question.id)]
    return Topic("question", question.id, name, f"{name} {question.ask}", frozenset().union(*keys))


def _keys(rule: Rule) -> frozenset[str]:
    return frozenset((*rule.evidence, *rule.counter))


register(topics_of_edition)
