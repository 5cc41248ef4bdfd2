"""Trials: what the rules would say of a case with other answers, or without one of its rules.

Only the rules that a trial touches are looked at again; the rest is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import hits_in
from decisions.rules.engine.verdicts import PREFERENCE, Position, position_of, tallied
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.conditions import Fact, ids_in
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire
from evidence.domain.entries import EvidenceBase


class Turned(NamedTuple):
    """A rule whose truth a trial changes."""

    rule: Prepared
    before: Truth
    after: Truth


class Trial(NamedTuple):
    """What a trial gives: the standing and verdicts, and the rules that turned."""

    position: Position
    turned: tuple[Turned, ...]


class Trials:
    """The rules of one case, counted once and open to be tried otherwise."""

    def __init__(self, edition: Edition, answers: Answers, evidence: EvidenceBase) -> None:
        self._edition = edition
        self._answers = answers
        self.rules = prepare(edition, evidence)
        hits = hits_in(edition, evidence, answers.facts)
        truths = {hit.place: hit.truth for hit in hits}
        self.truths = tuple(truths.get(n, Truth.FALSE) for n in range(len(self.rules)))
        self._tallies = tallied(Entries(hits))
        self.position = position_of(self._tallies, answers.facts[PREFERENCE])

    def with_answers(self, values: Mapping[str, Value]) -> Trial:
        """With other answers to some questions."""
        touched, rules = _touched_by(self._edition, frozenset(values))
        facts = self._answers.facts_with(values, touched)
        turned = tuple(self._turned(rules, facts))
        if not turned and PREFERENCE not in values:
            return Trial(self.position, turned)
        tallies = self._tallies.copy()
        for one in turned:
            tallies.count(one.rule, one.before, times=-1)
            tallies.count(one.rule, one.after)
        return Trial(position_of(tallies, facts[PREFERENCE]), turned)

    def _turned(self, rules: tuple[int, ...], facts: Mapping[str, Fact]) -> Iterator[Turned]:
        for place in rules:
            before, after = self.truths[place], self.rules[place].rule.when.evaluate(facts)
            if before is not after:
                yield Turned(self.rules[place], before, after)

    def without_rule(self, place: int) -> tuple[Position, frozenset[str]]:
        """Without the rule at this place, and the options that are then barred."""
        tallies = self._tallies.copy()
        tallies.count(self.rules[place], self.truths[place], times=-1)
        barred = frozenset(option for option, one in tallies.options.items() if one.bars)
        return position_of(tallies, self._answers.facts[PREFERENCE]), barred

    @property
    def barred(self) -> frozenset[str]:
        """The options that a true bar holds back."""
        return frozenset(option for option, one in self._tallies.options.items() if one.bars)


@lru_cache(maxsize=4096)
def _touched_by(
    edition: Edition, question_ids: frozenset[str]
) -> tuple[tuple[Question, ...], tuple[int, ...]]:
    """The questions that other answers to these touch, and the places of the rules."""
    questionnaire = edition.questionnaire
    touched = _opened_by(questionnaire, question_ids)
    names = {one.id for one in touched}
    rules = tuple(
        place
        for place, rule in enumerate(edition.rules)
        if any(questionnaire.owner_of(name).id in names for name in ids_in(rule.when))
    )
    return touched, rules


def _opened_by(questionnaire: Questionnaire, question_ids: frozenset[str]) -> tuple[Question, ...]:
    found: dict[str, Question] = {}
    for question in questionnaire.evaluation_order:
        behind = {questionnaire.owner_of(name).id for name in ids_in(question.ask_when)}
        if question.id in question_ids or behind & found.keys():
            found[question.id] = question
    return tuple(found.values())
