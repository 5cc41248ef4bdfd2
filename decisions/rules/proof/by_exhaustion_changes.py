"""Two answer sets side by side: an answer learned, a hazard made worse, a source withdrawn.

Two answer sets that differ in one question differ only in the rules that speak of it, so each
pair of classes of that question is tried with every combination of what else those rules use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pydantic import JsonValue

from decisions.rules.engine.certainty_limits import find
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import Hit
from decisions.rules.engine.rules import WEIGHED, Effect, OptionId, Rule
from decisions.rules.engine.verdicts import tallied
from decisions.rules.engine.weighed_rules import Prepared
from decisions.rules.logic.conditions import Unanswered, leaves_in
from decisions.rules.logic.truth import Truth
from decisions.rules.proof.by_exhaustion_arithmetic import COUNTERS, every_kind, prepared, safety
from decisions.rules.proof.by_exhaustion_space import Space, WholeSpace
from decisions.rules.proof.expectations import Hazard
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.questionnaire import Question
from decisions.rules.sensitivity.formulas import Formula

SAFETY_EFFECTS = frozenset({Effect.STOP, Effect.REVIEW, Effect.URGENT})
NEVER_BY_WHAT_IS_OPEN = frozenset({Effect.STOP, Effect.REVIEW}) | WEIGHED
"""The effects of rules that an open answer alone may never make true."""

Answers = dict[str, JsonValue]
Pair = tuple[Answers, Answers]
"""Two answer sets, as `manage.py decide` takes them."""
Step = tuple[str, int, int]
"""A question, and the classes of its answer before and after."""


def _pair(space: Space, step: Step, before: Formula, after: Formula) -> Pair | None:
    """Two answer sets that differ in this step alone, the formulas holding before and after it."""
    question, first, second = step
    found = space.find(
        space.formulas.fill_in(before, question, first),
        space.formulas.fill_in(after, question, second),
    )
    if found is None:
        return None
    return space.answers({**found, question: first}), space.answers({**found, question: second})


# ---------------------------------------------------------------- one more answer


class Lost(NamedTuple):
    """A safety rule that an answer ends for which it does not wait: before and after it."""

    rule: Rule
    before: Answers
    after: Answers


def lost_by_learning(space: WholeSpace) -> Iterator[Lost]:
    """Each safety rule that is true until an answer is learned for which it does not wait."""
    for rule in space.edition.rules:
        if rule.effect in SAFETY_EFFECTS:
            yield from _lost(space, rule, excepted=waits_for(rule))


def ended_by_learning(space: WholeSpace) -> Iterator[Lost]:
    """Each rule of an option, notes aside, that is true until any answer is learned."""
    for rule in space.edition.rules:
        if rule.effect in NEVER_BY_WHAT_IS_OPEN:
            yield from _lost(space, rule)


def _lost(space: WholeSpace, rule: Rule, excepted: frozenset[str] = frozenset()) -> Iterator[Lost]:
    """The first way in which an answer to a question that is not excepted ends a rule."""
    small = space.alone(rule)
    steps = [step for step in _learning(small, rule) if step[0] not in excepted]
    ways = small.true(rule.when), small.not_true(rule.when)
    if pair := next((pair for one in steps if (pair := _pair(small, one, *ways))), None):
        yield Lost(rule, *pair)


def waits_for(rule: Rule) -> frozenset[str]:
    """The ids whose missing answer a rule is built on (`unanswered`)."""
    return frozenset(leaf.question for leaf in leaves_in(rule.when) if isinstance(leaf, Unanswered))


def _learning(space: Space, rule: Rule) -> Iterator[Step]:
    """Every way to learn one of the answers that a rule can depend on."""
    for name in sorted(space.formulas.questions(space.true(rule.when))):
        for before in range(len(space.classes.of(name))):
            for after in space.classes.learned_from(name, before):
                yield name, before, after


def unused_questions(space: WholeSpace, questions: Iterable[Question]) -> Iterator[Question]:
    """The questions with whose answer, once learned, no rule changes in any answer set."""
    for question in questions:
        if not any(_uses(space, rule, question.id) for rule in space.edition.rules):
            yield question


def _uses(space: WholeSpace, rule: Rule, question_id: str) -> bool:
    small = space.alone(rule)
    ways = (small.true(rule.when), small.formulas.false(rule.when))
    if not any(question_id in small.formulas.questions(way) for way in ways):
        return False
    for before in range(len(small.classes.of(question_id))):
        for after in small.classes.learned_from(question_id, before):
            step = (question_id, before, after)
            for way in ways:
                other = small.formulas.negation(way)
                if _pair(small, step, way, other) or _pair(small, step, other, way):
                    return True
    return False


# ---------------------------------------------------------------- one hazard made worse


def hazards_made_safer(space: WholeSpace) -> Iterator[tuple[OptionId, Answers, Answers]]:
    """Each option that some step towards a worse hazard makes safer.

    A rule that does not speak of the hazard is the same before and after the step: it can only
    hide a difference. So the rules that do speak of it are looked at alone, and with all others
    only where those alone make a difference.
    """
    for row in space.expected.hazards:
        for option in OptionId:
            rules = space.carried(option, Effect.STOP, Effect.REVIEW)
            touched = [one for one in rules if _speaks_of(space, one, row.question)]
            if _made_safer(space, row, touched) and (pair := _made_safer(space, row, rules)):
                yield option, *pair


def _speaks_of(space: WholeSpace, rule: Rule, question_id: str) -> bool:
    return question_id in space.formulas.questions(space.not_false(rule.when))


def _made_safer(space: WholeSpace, row: Hazard, rules: Sequence[Rule]) -> Pair | None:
    """A pair that these rules hold back before a step and less after it, if there is one."""
    small = space.about(rules)
    for parts in _ways_to_hold_back(small, rules):
        held = small.formulas.any(parts)
        released = small.formulas.negation(held)
        for step in _steps(small, row):
            if pair := _pair(small, step, held, released):
                return pair
    return None


def _ways_to_hold_back(space: Space, rules: Sequence[Rule]) -> Iterator[list[Formula]]:
    """What makes an option not suitable; at most a review; at most in need of information."""
    yield [space.true(rule.when) for rule in rules if rule.effect is Effect.STOP]
    yield [space.true(rule.when) for rule in rules]
    yield [space.not_false(rule.when) for rule in rules]


def _steps(space: Space, row: Hazard) -> Iterator[Step]:
    """Each step to a worse answer, from class to class. Longer ways are steps one by one."""
    name, known = row.question, [one for _, one in space.known_classes(row.question)]
    moves: list[tuple[Value, Value]] = [*pairwise(row.worse)]
    for added in row.worse_with:
        without = [one for one in known if isinstance(one, tuple) and added not in one]
        moves += [(one, _with(space, name, one, added)) for one in without]
    if row.higher_is_worse:
        moves += pairwise(known)
    for less, more in moves:
        before, after = (space.classes.place_of(name, value) for value in (less, more))
        if before != after:
            yield name, before, after


def _with(space: Space, name: str, chosen: tuple[str, ...], added: str) -> tuple[str, ...]:
    question = space.edition.questionnaire.question(name)
    return tuple(one.value for one in question.options if one.value in {*chosen, added})


# ---------------------------------------------------------------- evidence withdrawn


def withdrawals_that_matter(space: WholeSpace, keys: frozenset[str]) -> Iterator[Rule]:
    """The rules with which more changes than that they weigh less once these sources are withdrawn.

    A verdict is made safer, or a bar lifted, only by what a rule counts as besides its weight.
    """
    left = space.evidence.with_retracted(keys)
    for before in prepared(space):
        rule = before.rule
        after = replace(before, finding=find(space.edition, rule, left))
        if after.finding == before.finding:
            continue
        if after.finding.weight > before.finding.weight or _counts(before) != _counts(after):
            yield rule
    if not weights_leave_safety():
        yield from space.edition.rules


def _counts(one: Prepared) -> list[object]:
    """Everything that a rule counts as, its weight aside: as true, and as not known."""
    counted: list[object] = []
    for truth in (Truth.TRUE, Truth.UNKNOWN):
        tallies = tallied(Entries([Hit(0, one, truth)]))
        counted.append(tallies.urgent)
        counted += [
            getattr(tally, name) for tally in tallies.options.values() for name in COUNTERS[:5]
        ]
    return counted


@cache
def weights_leave_safety() -> bool:
    """Whether verdicts that differ in sums, reasons and lead alone are equally safe."""
    ranks: dict[tuple[object, ...], set[int]] = {}
    for kind in every_kind():
        counters = tuple(getattr(kind.tally, name) for name in COUNTERS[:3])
        ranks.setdefault((kind.option, counters), set()).add(safety(kind.verdict))
    return all(len(found) == 1 for found in ranks.values())
