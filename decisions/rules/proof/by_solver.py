"""The first method: z3 looks for a case that breaks a claim, over the whole answer space.

The cases are encoded from the headers of questionnaire.yaml and rules.yaml (`answer_space`,
`cases`, `verdicts`, `weights`), the claims from their sentences (`breaches`, `reach`). Nothing
of the engine is used: a test compares the encoding with `decide` on random cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter

from z3 import And, Or

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import Effect, Rule
from decisions.rules.proof.breaches import (
    BREACHES,
    Breach,
    lost_by_learning,
    safety_rules,
    unanswered_in,
)
from decisions.rules.proof.claims import (
    Checked,
    ClaimId,
    Counterexample,
    Method,
    NamedException,
    Opening,
)
from decisions.rules.proof.expectations import Expectations
from decisions.rules.proof.reach import GOALS, Goal
from decisions.rules.proof.search import answers_in, holds
from decisions.rules.proof.verdicts import BOTH
from decisions.rules.proof.weights import MODERATE, is_practical, support_of
from decisions.rules.proof.world import World
from evidence.domain.entries import EvidenceBase


def check(
    edition: Edition,
    evidence: EvidenceBase,
    expected: Expectations,
    claims: Iterable[ClaimId],
) -> Iterator[Checked]:
    """Each of these claims, checked."""
    started = perf_counter()
    world = World(edition, evidence, expected)
    for claim in claims:
        counterexamples = tuple(
            _broken(world, claim) if claim in BREACHES else _unmet(world, claim)
        )
        exceptions, notes = tuple(_exceptions(world, claim)), tuple(_notes(world, claim))
        yield Checked(
            claim=claim,
            method=Method.SOLVER,
            holds=not counterexamples,
            counterexamples=counterexamples,
            seconds=perf_counter() - started,
            exceptions=exceptions,
            notes=notes,
        )
        started = perf_counter()


def _broken(world: World, claim: ClaimId) -> Iterator[Counterexample]:
    """The smallest case of each breach; nothing when no case is in any breach."""
    breaches = [*BREACHES[claim](world)]
    if not world.search.can_be(Or([one.when for one in breaches])):
        return
    for one in breaches:
        if found := _counterexample(world, one):
            yield found


def _counterexample(world: World, breach: Breach) -> Counterexample | None:
    model = world.search.find_smallest(breach.when)
    if model is None:
        return None
    made = [one.words for one in breach.among if holds(model, one.chosen)]
    withdrawn = [one.words for one in breach.withdrawn if holds(model, one.chosen)]
    words = [breach.what, *made, *(f"once {key} is withdrawn" for key in withdrawn)]
    return Counterexample(
        what=" ".join(words),
        answers=answers_in(model, world.case),
        beside=answers_in(model, breach.beside) if breach.beside else None,
        retracted=withdrawn[0] if withdrawn else None,
        rules=breach.rules,
    )


def _unmet(world: World, claim: ClaimId) -> Iterator[Counterexample]:
    """What no case shows, and what a case shows although it was ruled out."""
    for goal in _missed(world, [*GOALS[claim](world)]):
        yield Counterexample(what=goal.otherwise, rules=goal.rules)
    if claim is ClaimId.EVERY_VERDICT:
        for one in world.expected.ruled_out:
            what = f"{one.option} is {one.verdict}, which was ruled out"
            given = world.verdicts.verdicts[one.option][one.verdict]
            if found := _counterexample(world, Breach(what, given)):
                yield found


def _missed(world: World, goals: list[Goal]) -> Iterator[Goal]:
    """The goals that no case meets. One case that meets many of them at once saves many."""
    if not goals or world.search.can_be(And([one.when for one in goals])):
        return
    if len(goals) == 1:
        yield goals[0]
        return
    half = len(goals) // 2
    yield from _missed(world, goals[:half])
    yield from _missed(world, goals[half:])


def _exceptions(world: World, claim: ClaimId) -> Iterator[NamedException]:
    if claim is ClaimId.LEARNING_KEEPS:
        yield from _exceptions_to_learning(world)
    if claim is ClaimId.EVERY_VERDICT:
        for one in world.expected.ruled_out:
            opens = (one.option, one.verdict) == (BOTH, Verdict.FAVOURED)
            openings = tuple(_openings(world)) if opens else ()
            name = f"{one.option} {one.verdict}"
            yield NamedException(name=name, why=one.why, openings=openings)


def _openings(world: World) -> Iterator[Opening]:
    """What would make `both` favored: one of its own reasons, if that were proved.

    A case shows it in which `both` is reasonable and leads with no bar UNKNOWN: only the proof
    is missing.
    """
    verdicts = world.verdicts
    only_unproved = And(verdicts.verdicts[BOTH][Verdict.REASONABLE], verdicts.leads_for_good(BOTH))
    for rule in verdicts.own(BOTH, Effect.FAVOUR):
        reason = world.case.rules[rule.id].is_true
        model = world.search.find_smallest(And(only_unproved, reason))
        if model is not None:
            answers = answers_in(model, world.case)
            yield Opening(rule=rule.id, lacks=_lacks(world, rule), answers=answers)


def _lacks(world: World, rule: Rule) -> tuple[str, ...]:
    """What keeps a reason from proving `both`."""
    support = support_of(rule, world.evidence, world.evidence.retracted)
    practical = ["it is practical: it would have to rest on published evidence"]
    weak = [f"its best published support is {support} of 3: it would have to be {MODERATE} or more"]
    return (*(practical if is_practical(rule) else ()), *(weak if support < MODERATE else ()))


def _exceptions_to_learning(world: World) -> Iterator[NamedException]:
    """The rules that an answer they are waiting for can end, each with these questions."""
    for rule in safety_rules(world):
        lost = lost_by_learning(world, rule)
        waits_for = world.edition.questionnaire.in_order(unanswered_in(world, rule))
        ends = [q for q in waits_for if world.search.can_be(And(lost, world.learned[q]))]
        if ends:
            why = f"it asks for {', '.join(ends)}: true while that is unanswered, until it is"
            yield NamedException(name=rule.id, why=why)


def _notes(world: World, claim: ClaimId) -> Iterator[str]:
    if claim is ClaimId.WITHDRAW_ONE:
        sources, groups = len(world.evidence.sources), len(world.withdrawn)
        yield f"{sources} sources, of which {groups} change the weights in different ways"
