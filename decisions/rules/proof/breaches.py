"""How each claim would be broken: the cases to look for. Where there are none, the claim holds.

One function a claim, each to be read beside the sentence in `claims.CLAIMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from z3 import And, BoolRef, BoolVal, Not, Or

from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.logic.conditions import Unanswered, leaves_in
from decisions.rules.proof.cases import SolverCase
from decisions.rules.proof.claims import ClaimId
from decisions.rules.proof.conditions_in_short import in_short
from decisions.rules.proof.verdicts import BOTH, HALVES, Side, is_safer
from decisions.rules.proof.world import Choice, World

SAFETY = (Effect.STOP, Effect.REVIEW)


@dataclass(frozen=True)
class Breach:
    """One way in which a claim would be broken.

    what: a sentence built of ids. when: what holds of a case that breaks it. beside: the second
    case, where two are compared. among: choices of which the case that was found made one;
    withdrawn: the same, of sources. rules: those involved.
    """

    what: str
    when: BoolRef
    rules: tuple[str, ...] = ()
    beside: SolverCase | None = None
    among: tuple[Choice, ...] = ()
    withdrawn: tuple[Choice, ...] = ()


def one_verdict(world: World) -> Iterator[Breach]:
    """No verdict, or two; and below it, a rule that is true and false at once."""
    for option in OptionId:
        given = [*world.verdicts.verdicts[option].values()]
        none, two = Not(Or(given)), Or([And(a, b) for n, a in enumerate(given) for b in given[:n]])
        yield Breach(f"{option} has no verdict", none)
        yield Breach(f"{option} has two verdicts", two)
    for name, truth in world.case.rules.items():
        both = And(truth.is_true, truth.is_false)
        yield Breach(f"{name} is true and false at once", both, rules=(name,))


def stop_decides(world: World) -> Iterator[Breach]:
    """A true stop, and another verdict than not_suitable."""
    for option, rule in _carried(world, Effect.STOP):
        not_suitable = world.verdicts.verdicts[option][Verdict.NOT_SUITABLE]
        stop = world.case.rules[rule.id].is_true
        what = f"{rule.id} is true and {option} is not not_suitable"
        yield Breach(what, And(stop, Not(not_suitable)), rules=(rule.id,))


def open_safety(world: World) -> Iterator[Breach]:
    """A stop or review that is true or UNKNOWN, and a verdict as if it were false."""
    for option, rule in _carried(world, *SAFETY):
        is_open = Not(world.case.rules[rule.id].is_false)
        what = f"{rule.id} is not false and {option} is not held back"
        yield Breach(what, And(is_open, Not(_held_back(world, option))), rules=(rule.id,))


def _held_back(world: World, option: OptionId) -> BoolRef:
    return world.verdicts.held_back(option, Verdict.MORE_INFORMATION)


def _carried(world: World, *effects: Effect) -> Iterator[tuple[OptionId, Rule]]:
    for option in OptionId:
        for rule in world.verdicts.carried(option, *effects):
            yield option, rule


def expected_holds(world: World) -> Iterator[Breach]:
    """An answer that is expected to hold an option back, and a safer verdict."""
    for one in world.expected.holds:
        for option in (*one.options, BOTH):
            held = world.verdicts.held_back(option, one.at_most)
            expected = world.case.truth(one.when).is_true
            what = f"{option} is safer than {one.at_most} although {in_short(one.when)}"
            yield Breach(what, And(expected, Not(held)))


def both_never_safer(world: World) -> Iterator[Breach]:
    """`both` safer than one of its halves."""
    for half in HALVES:
        safer = is_safer(Side(world.verdicts, BOTH), Side(world.verdicts, half))
        yield Breach(f"both is safer than {half}", safer)


def learning_keeps(world: World) -> Iterator[Breach]:
    """A safety rule that is true until one more answer is learned, though it waits for none."""
    for rule in safety_rules(world):
        waits_for = unanswered_in(world, rule)
        other = [learned for name, learned in world.learned.items() if name not in waits_for]
        what = f"{rule.id} is true, and no longer once one more answer is learned"
        lost = And(lost_by_learning(world, rule), Or(other))
        yield Breach(what, lost, rules=(rule.id,), beside=world.case_learned)


def open_never_no(world: World) -> Iterator[Breach]:
    """A stop, review, reason or bar that is true until any answer is learned."""
    any_answer = Or([*world.learned.values()])
    for rule in world.edition.rules:
        if rule.effect not in {Effect.URGENT, Effect.NOTE}:
            what = f"{rule.id} is true, and no longer once one more answer is learned"
            ends = And(lost_by_learning(world, rule), any_answer)
            yield Breach(what, ends, rules=(rule.id,), beside=world.case_learned)


def safety_rules(world: World) -> list[Rule]:
    """The stops, reviews and act-first rules."""
    return [rule for rule in world.edition.rules if rule.effect in {*SAFETY, Effect.URGENT}]


def lost_by_learning(world: World, rule: Rule) -> BoolRef:
    """That a rule is true and no longer true once an answer is learned."""
    before, after = world.case.rules[rule.id], world.case_learned.rules[rule.id]
    return And(before.is_true, Not(after.is_true))


def unanswered_in(world: World, rule: Rule) -> frozenset[str]:
    """The questions whose missing answer a rule is built on (`unanswered`)."""
    questionnaire = world.edition.questionnaire
    leaves = [leaf for leaf in leaves_in(rule.when) if isinstance(leaf, Unanswered)]
    return frozenset(questionnaire.owner_of(leaf.question).id for leaf in leaves)


def worse_never_safer(world: World) -> Iterator[Breach]:
    """One hazard made worse by one step, and an option that is safer after it."""
    for option in OptionId:
        after, before = Side(world.verdicts_worse, option), Side(world.verdicts, option)
        yield Breach(
            f"{option} is safer after",
            is_safer(after, before),
            beside=world.verdicts_worse.case,
            among=world.worse,
        )


def act_first(world: World) -> Iterator[Breach]:
    """An emergency, and its act-first rule not true: also where there is no such rule."""
    urgent = {rule.id for rule in world.edition.rules if rule.effect is Effect.URGENT}
    for one in world.expected.emergencies:
        known = one.raises in urgent
        raised = world.case.rules[one.raises].is_true if known else BoolVal(False)
        emergency = world.case.truth(one.when).is_true
        what = f"{one.raises} is not raised although {in_short(one.when)}"
        yield Breach(what, And(emergency, Not(raised)), rules=(one.raises,))


def withdraw_one(world: World) -> Iterator[Breach]:
    """One source withdrawn, and an option that is safer after it, or a bar that is lifted."""
    after, before = world.verdicts_withdrawn, world.verdicts
    for option in OptionId:
        safer = is_safer(Side(after, option), Side(before, option))
        lifted = And(before.barred[option], Not(after.barred[option]))
        yield _withdrawal(world, f"{option} is safer", safer)
        yield _withdrawal(world, f"a bar of {option} is lifted", lifted)


def _withdrawal(world: World, what: str, when: BoolRef) -> Breach:
    return Breach(what, when, beside=world.case, withdrawn=world.withdrawal)


def withdraw_all(world: World) -> Iterator[Breach]:
    """No evidence left, and a safety rule that does not do what it says."""
    bare = world.verdicts_without_evidence
    for option, rule in _carried(world, Effect.STOP):
        kept = bare.verdicts[option][Verdict.NOT_SUITABLE]
        yield _unheeded(world, rule, f"{option} is not not_suitable", kept)
    for option, rule in _carried(world, Effect.REVIEW):
        kept = bare.held_back(option, Verdict.SPECIALIST_REVIEW)
        yield _unheeded(world, rule, f"{option} needs no review", kept)
    for rule in (one for one in world.edition.rules if one.effect is Effect.URGENT):
        for option in OptionId:
            yield _unheeded(world, rule, f"{option} leads", Not(bare.leads[option]))


def _unheeded(world: World, rule: Rule, but: str, kept: BoolRef) -> Breach:
    what = f"without any evidence {rule.id} is true, and {but}"
    return Breach(what, And(world.case.rules[rule.id].is_true, Not(kept)), rules=(rule.id,))


def urgent_first(world: World) -> Iterator[Breach]:
    """An act-first rule true, and an option that leads or is favored."""
    for option in OptionId:
        favoured = world.verdicts.verdicts[option][Verdict.FAVOURED]
        ahead = Or(world.verdicts.leads[option], favoured)
        what = f"{option} leads or is favoured while an act-first rule is true"
        yield Breach(what, And(world.verdicts.urgent, ahead))


def held_back_never_leads(world: World) -> Iterator[Breach]:
    """An option that leads, stopped or barred."""
    for option in OptionId:
        back = Or(world.verdicts.stopped[option], world.verdicts.barred[option])
        yield Breach(
            f"{option} leads although it is stopped or barred",
            And(world.verdicts.leads[option], back),
        )


def both_asked_for(world: World) -> Iterator[Breach]:
    """`both` leads, and one of its conditions is not true or one of its halves is barred."""
    leads = world.verdicts.leads[BOTH]
    for condition in world.expected.both_leads_when:
        missing = Not(world.case.truth(condition).is_true)
        yield Breach(f"both leads although not {in_short(condition)}", And(leads, missing))
    for half in HALVES:
        back = Or(world.verdicts.barred[half], world.verdicts.stopped[half])
        yield Breach(f"both leads although {half} is stopped or barred", And(leads, back))


def open_holds_both(world: World) -> Iterator[Breach]:
    """A bar of `both` that is not false, and `both` ahead of being held back."""
    given, leads = world.verdicts.verdicts[BOTH], world.verdicts.leads[BOTH]
    ahead = Or(leads, given[Verdict.FAVOURED], given[Verdict.REASONABLE])
    for rule in world.verdicts.carried(BOTH, Effect.AGAINST):
        if rule.bars:
            what = f"{rule.id} is not false and both is not held back"
            still_open = Not(world.case.rules[rule.id].is_false)
            yield Breach(what, And(still_open, ahead), rules=(rule.id,))


BREACHES: Mapping[ClaimId, Callable[[World], Iterator[Breach]]] = {
    ClaimId.ONE_VERDICT: one_verdict,
    ClaimId.STOP_DECIDES: stop_decides,
    ClaimId.OPEN_SAFETY: open_safety,
    ClaimId.EXPECTED_HOLDS: expected_holds,
    ClaimId.BOTH_NEVER_SAFER: both_never_safer,
    ClaimId.LEARNING_KEEPS: learning_keeps,
    ClaimId.OPEN_NEVER_NO: open_never_no,
    ClaimId.WORSE_NEVER_SAFER: worse_never_safer,
    ClaimId.ACT_FIRST: act_first,
    ClaimId.WITHDRAW_ONE: withdraw_one,
    ClaimId.WITHDRAW_ALL: withdraw_all,
    ClaimId.URGENT_FIRST: urgent_first,
    ClaimId.HELD_BACK_NEVER_LEADS: held_back_never_leads,
    ClaimId.BOTH_ASKED_FOR: both_asked_for,
    ClaimId.OPEN_HOLDS_BOTH: open_holds_both,
}
"""The claims that say "never": each holds when no case breaks it."""
