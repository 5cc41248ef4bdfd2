"""Rules with one thing changed besides their condition."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.rules.engine.rules import HALVES, Basis, Effect, OptionId, Rule, Strength
from tests.decisions.rules.proof.mutants_of_conditions import guard_what_is_denied, variants

OTHER = {OptionId.KETAMINE: OptionId.REPEAT_TMS, OptionId.REPEAT_TMS: OptionId.KETAMINE}
WEAKER = {
    Effect.STOP: Effect.REVIEW,
    Effect.REVIEW: Effect.NOTE,
    Effect.URGENT: Effect.NOTE,
}
TURNED = {Effect.FAVOUR: Effect.AGAINST, Effect.AGAINST: Effect.FAVOUR}
OTHER_STRENGTH = {
    Strength.STRONG: Strength.WEAK,
    Strength.MODERATE: Strength.WEAK,
    Strength.WEAK: Strength.STRONG,
}


def changed(rule: Rule, **changes: object) -> Rule:
    """The rule with these fields changed; validated as when it is loaded."""
    fields = {name: getattr(rule, name) for name in type(rule).model_fields}
    return Rule(**fields | changes)


def swap_option(rule: Rule) -> Iterator[Rule]:
    """A rule of one half speaks of the other."""
    if len(rule.options) == 1 and rule.options[0] in OTHER:
        yield changed(rule, options=(OTHER[rule.options[0]],))


def forget_option(rule: Rule) -> Iterator[Rule]:
    """A rule of several options forgets one."""
    if len(rule.options) > 1:
        for option in rule.options:
            yield changed(rule, options=tuple(one for one in rule.options if one is not option))


def weaken(rule: Rule) -> Iterator[Rule]:
    """A stop becomes a review, a review a note, an act-first rule a note."""
    if rule.effect in WEAKER:
        yield changed(rule, effect=WEAKER[rule.effect])


def turn(rule: Rule) -> Iterator[Rule]:
    """A reason for an option speaks against it, and the other way round."""
    if rule.effect in TURNED and not rule.bars:
        yield changed(rule, effect=TURNED[rule.effect])


def drop_bar(rule: Rule) -> Iterator[Rule]:
    """A rule no longer bars."""
    if rule.bars:
        yield changed(rule, bars=False)


def add_bar(rule: Rule) -> Iterator[Rule]:
    """A reason against an option bars it."""
    if rule.effect is Effect.AGAINST and not rule.bars and set(rule.options) <= set(HALVES):
        yield changed(rule, bars=True)


def change_strength(rule: Rule) -> Iterator[Rule]:
    """A reason claims to weigh more, or less."""
    if rule.strength is not None:
        yield changed(rule, strength=OTHER_STRENGTH[rule.strength])


def claim_practical(rule: Rule) -> Iterator[Rule]:
    """A reason that rests on studies claims to rest on none, and keeps its strength."""
    if rule.strength is not None and rule.basis is None:
        yield changed(rule, basis=Basis.PRACTICAL)


def forget_practical(rule: Rule) -> Iterator[Rule]:
    """A practical reason that also cites something rests on that alone."""
    if rule.basis is not None and (rule.evidence or rule.positions):
        yield changed(rule, basis=None)


def read_open_as_no(rule: Rule) -> Iterator[Rule]:
    """An answer that nobody has given counts as one that denies."""
    if rule.effect not in {Effect.URGENT, Effect.NOTE}:
        for when in variants(rule.when, guard_what_is_denied):
            yield changed(rule, when=when)


def drop_evidence(rule: Rule) -> Iterator[Rule]:
    """A reason cites its positions only, or its studies only."""
    if rule.strength is not None and rule.evidence and rule.positions:
        yield changed(rule, evidence=())
        yield changed(rule, positions=())
