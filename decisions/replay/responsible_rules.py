"""Which rules are responsible for what differs between two sides.

A rule is responsible when it alone, put back to what it was before, undoes the difference.
Where no single rule does, a set that does is named, from which no rule can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from decisions.replay.differences import NOTHING, Aspect, Change, How, Responsible, RuleChange
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import Hit
from decisions.rules.engine.rules import Effect, OptionId
from decisions.rules.engine.verdicts import Tallies, is_proof, position_of, tallied
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.conditions import Fact
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase

TRUTHS = tuple(Truth)
KINDS_OF_CASES = 10_000
"""How many different pairs of what rules see are kept with what came of them."""


class Side(NamedTuple):
    """The rules and the evidence that cases are decided under."""

    edition: Edition
    evidence: EvidenceBase


class Seen(NamedTuple):
    """All that verdicts rest on in one case: the truth of every rule, and the preference."""

    truths: tuple[int, ...]
    preference: Fact


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
        # Many cases look alike to the rules; each kind of them is explained once.
        self.explain = lru_cache(maxsize=KINDS_OF_CASES)(self._explain)

    def _explain(self, before: Seen, after: Seen) -> tuple[Explained, ...]:
        """Every difference of a case between the sides."""
        was = _view(tallied(_entries(self._before, before)), before.preference)
        undoing = _Undoing(
            tallied(_entries(self._after, after)), after.preference, [*self._steps(before, after)]
        )
        return tuple(
            Explained(
                Change(aspect=place[0], option=place[1], before=was[place], after=now),
                undoing.responsible(place, was[place]),
            )
            for place, now in undoing.view.items()
            if now != was[place]
        )

    def _steps(self, before: Seen, after: Seen) -> Iterator[Step]:
        """The rules that count otherwise in a case, in the order of the rules."""
        now = {
            one.rule.id: (one, truth)
            for one, truth in zip(self._after, _truths(after), strict=True)
        }
        for one, truth in zip(self._before, _truths(before), strict=True):
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
            if what := _what_differs(one, after.get(one.rule.id)):
                yield _rule_change(one, after.get(one.rule.id), what)
        for one in self._added:
            yield _rule_change(None, one, ("added",))


def _entries(rules: tuple[Prepared, ...], seen: Seen) -> Entries:
    truths = zip(rules, _truths(seen), strict=True)
    return Entries(Hit(place, one, truth) for place, (one, truth) in enumerate(truths))


def _truths(seen: Seen) -> list[Truth]:
    return [TRUTHS[truth] for truth in seen.truths]


def _view(tallies: Tallies, preference: Fact) -> View:
    standing, verdicts = position_of(tallies, preference)
    view: dict[Place, str] = {}
    for option, tally in tallies.options.items():
        view[Aspect.VERDICT, option] = verdicts[option].value
        view[Aspect.BAR, option] = _yes_or_no(tally.bars)
    view[Aspect.LEADING, None] = standing.leading[0].value if standing.leading else NOTHING
    view[Aspect.ACT_FIRST, None] = _yes_or_no(tallies.urgent)
    return view


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


def _what_differs(before: Prepared, after: Prepared | None) -> tuple[str, ...]:
    if after is None:
        return ("removed",)
    found = {
        "condition": before.rule.when != after.rule.when,
        "effect": before.rule.effect != after.rule.effect,
        "options": before.rule.options != after.rule.options,
        "bars": before.rule.bars != after.rule.bars,
        "weight": before.finding.weight != after.finding.weight,
        "support": _is_proof(before) != _is_proof(after),
    }
    return tuple(what for what, differs in found.items() if differs)


def _is_proof(one: Prepared) -> bool:
    """Whether the rule's support, beyond its weight, decides anything: that `both` is favored."""
    return (
        one.rule.effect is Effect.FAVOUR
        and OptionId.BOTH in one.rule.options
        and is_proof(one.finding)
    )


def _rule_change(
    before: Prepared | None, after: Prepared | None, what: tuple[str, ...]
) -> RuleChange:
    one = after or before
    if one is None:
        raise ValueError("a rule that is on neither side has not changed")
    return RuleChange(
        rule=one.rule.id,
        what=what,
        weight_before=before.finding.weight if before else None,
        weight_after=after.finding.weight if after else None,
    )
