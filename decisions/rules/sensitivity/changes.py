"""What would change this: the smallest sets of changes that give an option another verdict.

Only circumstances that care can change (`changeable`), and only known answers: what is not
known is pending, not a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice, product

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import WEIGHED, Effect, OptionId
from decisions.rules.engine.weighed_rules import Prepared
from decisions.rules.logic.conditions import Unanswered, leaves_in
from decisions.rules.logic.thresholds import thresholds
from decisions.rules.logic.truth import Truth
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question
from decisions.rules.sensitivity.sums import Sums
from decisions.rules.sensitivity.trials import Trial, Trials, changed_options, do_meet
from evidence.domain.entries import EvidenceBase

MOST_STEPS = 3
"""A set of changes has at most this many."""


class Step(Frozen):
    """One answer that is given another value, as plain data."""

    question: str
    to: int | str | tuple[str, ...]


class Change(Frozen):
    """A smallest set of steps that gives an option another verdict, and that verdict.

    gained, lost: the rules that then stand, or no longer stand, among the option's stops,
    reviews, bars, reasons and pending rules, or among the urgent ones; in the order of the
    rules. A rule that turns from pending to true is gained, one that turns from true to pending
    lost.
    """

    steps: tuple[Step, ...]
    verdict: Verdict
    gained: tuple[str, ...]
    lost: tuple[str, ...]


Changes = Mapping[OptionId, tuple[Change, ...]]
"""What would change the verdict of each option."""


def what_would_change(edition: Edition, answers: Answers, evidence: EvidenceBase) -> Changes:
    """Per option, every smallest set of one to three steps that changes its verdict.

    A set counts only if no part of it changes the verdict already; it has at most one step a
    question. Sets with fewer steps come first, then in questionnaire order.
    """
    trials = Trials(edition, answers, evidence)
    by_question = [
        steps
        for question in edition.questionnaire.questions
        if (steps := steps_from(edition, question, answers))
    ]
    found: dict[OptionId, list[Change]] = {option: [] for option in OptionId}
    for chosen, options in _SetsOfSteps(edition, trials, by_question).that_change():
        trial = trials.with_answers({step.question: step.to for step in chosen})
        verdicts = trials.position_with(trial.added).verdicts
        for option in options:
            found[option].append(_change(chosen, option, verdicts[option], trial))
    return {option: tuple(changes) for option, changes in found.items()}


_Set = tuple[int, ...]
"""Some steps by their numbers, which follow the order of the questionnaire."""


class _SetsOfSteps:
    """Every set of one to three steps, the smaller ones first, with what it adds and changes.

    A rule that looks at only some questions of a set makes of it what it makes of those steps
    alone. So unless the questions meet in a rule, the set adds what its parts add: two steps what
    both do; three what each two of them do, less what each one does, which was counted twice.
    """

    def __init__(
        self, edition: Edition, trials: Trials, by_question: Sequence[tuple[Step, ...]]
    ) -> None:
        self._edition = edition
        self._trials = trials
        self._steps = [step for steps in by_question for step in steps]
        numbers = iter(range(len(self._steps)))
        self._by_question = [tuple(islice(numbers, len(steps))) for steps in by_question]
        self._added: dict[_Set, Sums] = {}
        self._changed: dict[_Set, frozenset[OptionId]] = {(): frozenset()}
        self._changed_by: dict[Sums, frozenset[OptionId]] = {}

    def that_change(self) -> Iterator[tuple[tuple[Step, ...], frozenset[OptionId]]]:
        """The sets that change a verdict, and of which options no part of them does so."""
        for size in range(1, MOST_STEPS + 1):
            for numbers in combinations(self._by_question, size):
                questions = tuple(self._steps[one[0]].question for one in numbers)
                is_tried = size == 1 or do_meet(self._edition, questions)
                for chosen in product(*numbers):
                    added = self._tried(chosen) if is_tried else self._by_parts(chosen)
                    by_part, now = self._changed_by_part(chosen), self._changed_with(added)
                    self._added[chosen] = added
                    self._changed[chosen] = by_part | now
                    if now - by_part:
                        yield tuple(self._steps[n] for n in chosen), now - by_part

    def _tried(self, chosen: _Set) -> Sums:
        steps = [self._steps[n] for n in chosen]
        return self._trials.with_answers({one.question: one.to for one in steps}).added

    def _by_parts(self, chosen: _Set) -> Sums:
        added = self._added
        if len(chosen) == 2:
            a, b = chosen
            return added[a,] + added[b,]
        a, b, c = chosen
        return added[a, b] + added[a, c] + added[b, c] - added[a,] - added[b,] - added[c,]

    def _changed_by_part(self, chosen: _Set) -> frozenset[OptionId]:
        """The options whose verdict a part of a set changes."""
        parts = combinations(chosen, len(chosen) - 1)
        return frozenset[OptionId]().union(*[self._changed[part] for part in parts])

    def _changed_with(self, added: Sums) -> frozenset[OptionId]:
        """The options whose verdict is another when this is added."""
        found = self._changed_by.get(added)
        if found is None:
            after = self._trials.position_with(added)
            found = self._changed_by[added] = changed_options(self._trials.position, after)
        return found


def steps_from(edition: Edition, question: Question, answers: Answers) -> tuple[Step, ...]:
    """The other values that one change can give a question whose answer is known."""
    value = answers.get(question.id)
    if not question.changeable or value is None or not answers.is_known(question.id):
        return ()
    return tuple(
        Step(question=question.id, to=other) for other in _other_values(edition, question, value)
    )


def _other_values(
    edition: Edition, question: Question, value: Value
) -> Iterator[int | str | tuple[str, ...]]:
    match value:
        case int():
            yield from sorted(_across_thresholds(edition, question, value))
        case str():
            yield from (option.value for option in question.choices if option.value != value)
        case tuple():
            for option in question.options:
                toggled = frozenset(value) ^ {option.value}
                yield tuple(one.value for one in question.options if one.value in toggled)


def _across_thresholds(edition: Edition, question: Question, value: int) -> frozenset[int]:
    """For each threshold of the edition, the nearest number on its other side."""
    nearest = {n if value < n else n - 1 for n in _thresholds_of(edition, question.id)}
    return frozenset(
        n
        for n in nearest
        if question.min is not None
        and question.max is not None
        and question.min <= n <= question.max
    )


@lru_cache(maxsize=256)
def _thresholds_of(edition: Edition, question_id: str) -> frozenset[int]:
    conditions = [rule.when for rule in edition.rules]
    conditions += [one.ask_when for one in edition.questionnaire.questions if one.ask_when]
    return frozenset(
        number
        for condition in conditions
        for leaf in leaves_in(condition)
        if leaf.question == question_id and not isinstance(leaf, Unanswered)
        for number in thresholds(leaf)
    )


def _change(steps: tuple[Step, ...], option: OptionId, verdict: Verdict, trial: Trial) -> Change:
    gained, lost = [], []
    for one in trial.turned:
        before, after = (_stands(one.rule, option, truth) for truth in (one.before, one.after))
        if after > before:
            gained.append(one.rule.rule.id)
        elif after < before:
            lost.append(one.rule.rule.id)
    return Change(steps=steps, verdict=verdict, gained=tuple(gained), lost=tuple(lost))


def _stands(one: Prepared, option: OptionId, truth: Truth) -> Truth:
    """How a rule stands among the reasons of an option: not at all, pending, or as true."""
    effect = one.rule.effect
    if effect is Effect.URGENT:
        return truth if truth is Truth.TRUE else Truth.FALSE
    if option not in one.of or effect is Effect.NOTE:
        return Truth.FALSE
    if effect in WEIGHED and not one.rule.bars:
        return truth if truth is Truth.TRUE and one.finding.weight else Truth.FALSE
    return truth
