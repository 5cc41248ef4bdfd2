"""Which rules are responsible for what differs between two sides.

A rule is responsible when it alone, put back to what it was before, undoes the difference.
Where no single rule does, a set that does is named, from which no rule can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from decisions.replay.cases import Recorded
from decisions.replay.differences import NOTHING, Aspect, Change, How, Responsible, RuleChange
from decisions.replay.readings import Readings
from decisions.replay.rule_changes import rule_change, what_differs
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import Hit
from decisions.rules.engine.rules import OPTIONS, OptionId
from decisions.rules.engine.verdicts import Tallies, is_proof, position_of, tallied
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.conditions import Fact
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase

KINDS_OF_CASES = 2_000
"""How many different pairs of what rules see are kept with what came of them."""


class Side(NamedTuple):
    """The rules and the evidence that cases are decided under."""

    edition: Edition
    evidence: EvidenceBase


class Seen(NamedTuple):
    """All that verdicts rest on in one case: which rules are not false, and the preference.

    hits: the place of each rule among those of its side, from 0, and its truth.
    """

    hits: tuple[tuple[int, Truth], ...]
    preference: Fact


TrueRules = Mapping[tuple[int, Truth], str]
"""A rule's place and that it is true -> its id."""


class Explained(NamedTuple):
    """One difference of a case, and the rules responsible for it."""

    change: Change
    responsible: Responsible


Place = tuple[Aspect, OptionId | None]
View = Mapping[Place, str]
"""What is compared of an outcome, in words that are the same on every side."""


class Step(NamedTuple):
    """A rule that counts otherwise in a case: what it was before, and what it is now.

    None where a side has no such rule.
    """

    rule: str
    before: Prepared | None
    truth_before: Truth
    after: Prepared | None
    truth_after: Truth

    def put_back(self, tallies: Tallies) -> None:
        """Counts the rule as it was before."""
        if self.after is not None:
            tallies.count(self.after, self.truth_after, -1)
        if self.before is not None:
            tallies.count(self.before, self.truth_before)

    def take(self, tallies: Tallies) -> None:
        """Counts the rule as it is now."""
        if self.before is not None:
            tallies.count(self.before, self.truth_before, -1)
        if self.after is not None:
            tallies.count(self.after, self.truth_after)

    @property
    def is_idle(self) -> bool:
        """Whether the rule counts alike on both sides."""
        before = _counts(self.before, self.truth_before)
        return before == _counts(self.after, self.truth_after)


def _counts(one: Prepared | None, truth: Truth) -> tuple[object, ...] | None:
    """All that a tally takes from a rule of this truth; None for nothing."""
    if one is None or truth is Truth.FALSE:
        return None
    weighs = (one.finding.weight, is_proof(one.finding)) if truth is Truth.TRUE else ()
    return (truth, one.rule.effect, one.of, frozenset(one.rule.options), one.rule.bars, *weighs)


class Sides:
    """Two sides, ready to be compared case by case."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self.have_one_edition = before.edition == after.edition
        self._before = prepare(before.edition, before.evidence)
        self._after = prepare(after.edition, after.evidence)
        before_by_id = {one.rule.id: one for one in self._before}
        self._added = [one for one in self._after if one.rule.id not in before_by_id]
        self.readings_before = Readings(before.edition.questionnaire)
        self.readings_after = Readings(after.edition.questionnaire)
        self._counting_otherwise = frozenset(self._count_otherwise())
        # Many cases look alike to the rules; each kind of them is explained once.
        self._kept = lru_cache(maxsize=KINDS_OF_CASES)(self._explain)

    def _count_otherwise(self) -> Iterator[tuple[int, Truth]]:
        """Where the edition is one: the rules, and with which truth, that count otherwise."""
        if self.have_one_edition:
            for place, (was, now) in enumerate(zip(self._before, self._after, strict=True)):
                for truth in Truth:
                    if _counts(was, truth) != _counts(now, truth):
                        yield place, truth

    def said_before(self, seen: Seen) -> Recorded:
        """What the side before says of a case, as a decision would record it."""
        standing, verdicts = position_of(tallied(_entries(self._before, seen)), seen.preference)
        return Recorded(
            tuple(verdicts[option].value for option in OPTIONS),
            tuple(option.value for option in standing.leading),
        )

    def when_true(self, rules: frozenset[str]) -> TrueRules:
        """These rules of the side before, by how they are seen in a case where they are true."""
        return {
            (place, Truth.TRUE): one.rule.id
            for place, one in enumerate(self._before)
            if one.rule.id in rules
        }

    def explain(self, before: Seen, after: Seen) -> tuple[Explained, ...]:
        """Every difference of a case between the sides."""
        # With one edition a case is decided alike unless one of these rules counts in it.
        if self.have_one_edition and self._counting_otherwise.isdisjoint(before.hits):
            return ()
        return self._kept(before, after)

    def _explain(self, before: Seen, after: Seen) -> tuple[Explained, ...]:
        tallies = tallied(_entries(self._before, before))
        said = _said(tallies, before.preference)
        if self.have_one_edition:
            steps = [*self._steps_of_one_edition(before)]
            now = tallies.copy()
            for step in steps:
                step.take(now)
        else:
            steps = [*self._steps(before, after)]
            now = tallied(_entries(self._after, after))
        if _said(now, after.preference) == said:
            return ()
        was = _view(tallies, before.preference)
        undoing = _Undoing(now, after.preference, steps)
        return tuple(
            Explained(
                Change(aspect=place[0], option=place[1], before=was[place], after=view),
                undoing.responsible(place, was[place]),
            )
            for place, view in undoing.view.items()
            if view != was[place]
        )

    def _steps_of_one_edition(self, seen: Seen) -> Iterator[Step]:
        """The same as `_steps`, where a rule has the same truth on both sides."""
        for place, truth in seen.hits:
            if (place, truth) in self._counting_otherwise:
                was, now = self._before[place], self._after[place]
                yield Step(was.rule.id, was, truth, now, truth)

    def _steps(self, before: Seen, after: Seen) -> Iterator[Step]:
        """The rules that count otherwise in a case, in the order of the rules."""
        now = {
            one.rule.id: (one, truth)
            for one, truth in zip(self._after, _truths(self._after, after), strict=True)
        }
        for one, truth in zip(self._before, _truths(self._before, before), strict=True):
            step = Step(one.rule.id, one, truth, *now.get(one.rule.id, (None, Truth.FALSE)))
            if not step.is_idle:
                yield step
        for one in self._added:
            step = Step(one.rule.id, None, Truth.FALSE, *now[one.rule.id])
            if not step.is_idle:
                yield step

    def changed_rules(self) -> Iterator[RuleChange]:
        """The rules that differ between the sides, in the order of the rules."""
        after = {one.rule.id: one for one in self._after}
        for one in self._before:
            if what := what_differs(one, after.get(one.rule.id)):
                yield rule_change(one, after.get(one.rule.id), what)
        for one in self._added:
            yield rule_change(None, one, ("added",))


def _entries(rules: tuple[Prepared, ...], seen: Seen) -> Entries:
    return Entries(Hit(place, rules[place], truth) for place, truth in seen.hits)


def _truths(rules: tuple[Prepared, ...], seen: Seen) -> list[Truth]:
    """The truth of every rule."""
    truths = dict(seen.hits)
    return [truths.get(place, Truth.FALSE) for place in range(len(rules))]


def _view(tallies: Tallies, preference: Fact) -> View:
    standing, verdicts = position_of(tallies, preference)
    view: dict[Place, str] = {}
    for option, tally in tallies.options.items():
        view[Aspect.VERDICT, option] = verdicts[option].value
        view[Aspect.BAR, option] = _yes_or_no(tally.bars)
    view[Aspect.LEADING, None] = standing.leading[0].value if standing.leading else NOTHING
    view[Aspect.ACT_FIRST, None] = _yes_or_no(tallies.urgent)
    return view


def _said(tallies: Tallies, preference: Fact) -> tuple[object, ...]:
    """The same as a view, to be told from another one and not to be read."""
    standing, verdicts = position_of(tallies, preference)
    bars = [bool(one.bars) for one in tallies.options.values()]
    return standing.leading, verdicts, bars, bool(tallies.urgent)


def _yes_or_no(count: int) -> str:
    return "yes" if count else "no"


class _Undoing:
    """A case on the side after, and what it would be with some of its rules put back."""

    def __init__(self, tallies: Tallies, preference: Fact, steps: Sequence[Step]) -> None:
        self._tallies, self._preference, self._steps = tallies, preference, steps
        self.view = _view(tallies, preference)
        self._alone = [self._with([step]) for step in steps]

    def _with(self, put_back: Sequence[Step]) -> View:
        tallies = self._tallies.copy()
        for step in put_back:
            step.put_back(tallies)
        return _view(tallies, self._preference)

    def responsible(self, place: Place, before: str) -> Responsible:
        """The rules that, put back, make this place say what it said before."""
        alone = [
            step.rule
            for step, view in zip(self._steps, self._alone, strict=True)
            if view[place] == before
        ]
        if alone:
            return Responsible(how=How.EACH if alone[1:] else How.ALONE, rules=tuple(alone))
        if self._with(self._steps)[place] != before:
            return Responsible(how=How.NO_RULE, rules=())
        return Responsible(how=How.TOGETHER, rules=self._together(place, before))

    def _together(self, place: Place, before: str) -> tuple[str, ...]:
        """Rules that undo it only all together: every rule that can be left out is."""
        needed = list(self._steps)
        for step in self._steps:
            fewer = [one for one in needed if one is not step]
            if self._with(fewer)[place] == before:
                needed = fewer
        return tuple(step.rule for step in needed)
