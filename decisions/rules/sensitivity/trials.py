"""Trials: what the rules would say of a case with other answers, or without one of its rules.

Only the rules that a trial touches are looked at again; the rest is counted once (`sums`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import hits_in
from decisions.rules.engine.rules import OPTIONS, OptionId
from decisions.rules.engine.verdicts import PREFERENCE, Position, position_of, tallied
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.conditions import ids_in
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire
from decisions.rules.sensitivity.sums import (
    Sums,
    sums_of,
    sums_of_preference,
    sums_of_rules,
    tallies_in,
)
from evidence.domain.entries import EvidenceBase


class Turned(NamedTuple):
    """A rule whose truth a trial changes."""

    rule: Prepared
    before: Truth
    after: Truth


class Trial(NamedTuple):
    """What a trial gives: the rules that turned, and what they add to the sums of the case."""

    turned: tuple[Turned, ...]
    added: Sums


class Trials:
    """The rules of one case, counted once and open to be tried otherwise."""

    def __init__(self, edition: Edition, answers: Answers, evidence: EvidenceBase) -> None:
        self._edition = edition
        self._answers = answers
        self._sums_of_rules = sums_of_rules(edition, evidence)
        self.rules = prepare(edition, evidence)
        hits = hits_in(edition, evidence, answers.facts)
        truths = {hit.place: hit.truth for hit in hits}
        self.truths = tuple(truths.get(n, Truth.FALSE) for n in range(len(self.rules)))
        self._preference = sums_of_preference(answers.facts[PREFERENCE])
        self._sums = sums_of(tallied(Entries(hits))) + self._preference
        self._positions: dict[Sums, Position] = {}
        self.position = self.position_with(0)

    def position_with(self, added: Sums) -> Position:
        """The standing and verdicts when this is added to the sums of the case."""
        found = self._positions.get(added)
        if found is None:
            found = self._positions[added] = position_of(*tallies_in(self._sums + added))
        return found

    def with_answers(self, values: Mapping[str, Value]) -> Trial:
        """With other answers to some questions."""
        touched, rules = touched_by(self._edition, frozenset(values))
        facts = self._answers.facts_with(values, touched)
        added = sums_of_preference(facts[PREFERENCE]) - self._preference
        turned = []
        for place in rules:
            before, after = self.truths[place], self.rules[place].rule.when.evaluate(facts)
            if before is not after:
                added += self._sums_of_rules[place][after] - self._sums_of_rules[place][before]
                turned.append(Turned(self.rules[place], before, after))
        return Trial(tuple(turned), added)

    def without_rule(self, place: int) -> Sums:
        """What it adds to leave out the rule at this place."""
        return -self._sums_of_rules[place][self.truths[place]]

    def barred_with(self, added: Sums) -> frozenset[OptionId]:
        """The options that a bar then holds back."""
        tallies, _ = tallies_in(self._sums + added)
        return frozenset(option for option, one in tallies.options.items() if one.bars)


def changed_options(before: Position, after: Position) -> frozenset[OptionId]:
    """The options whose verdict is another."""
    return frozenset([one for one in OPTIONS if after.verdicts[one] is not before.verdicts[one]])


@lru_cache(maxsize=1024)
def do_meet(edition: Edition, question_ids: tuple[str, ...]) -> bool:
    """Whether any rule, or whether any question is asked, looks at every one of these questions."""
    touched = [touched_by(edition, frozenset({one})) for one in question_ids]
    questions = (frozenset(one.id for one in found) for found, _ in touched)
    rules = (frozenset(found) for _, found in touched)
    return bool(frozenset.intersection(*rules) or frozenset.intersection(*questions))


@lru_cache(maxsize=4096)
def touched_by(
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
