"""What would break each claim, looked for among all answer sets (`by_exhaustion`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import JsonValue

from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import HALVES, WEIGHED, Effect, OptionId, Rule
from decisions.rules.logic.conditions import Always, Condition
from decisions.rules.proof import by_exhaustion_arithmetic as arithmetic
from decisions.rules.proof.by_exhaustion_changes import (
    Lost,
    ended_by_learning,
    hazards_made_safer,
    lost_by_learning,
    unused_questions,
    withdrawals_that_matter,
)
from decisions.rules.proof.by_exhaustion_reach import (
    both_leading_without,
    unreached_leads,
    unreached_verdicts,
)
from decisions.rules.proof.by_exhaustion_space import Space, WholeSpace
from decisions.rules.proof.claims import ClaimId, Counterexample
from decisions.rules.questionnaire.questionnaire import QuestionType
from decisions.rules.sensitivity.formulas import AnswerSet, Formula

BOTH = OptionId.BOTH
HOLD_BACK = (Effect.STOP, Effect.REVIEW)

Found = Iterator[Counterexample]


def _case(space: Space, what: str, found: AnswerSet | None, *rules: Rule) -> Found:
    """A counterexample, if an answer set was found."""
    if found is not None:
        yield Counterexample(
            what=what, answers=space.answers(found), rules=tuple(rule.id for rule in rules)
        )


def _answers(what: str, answers: dict[str, JsonValue] | None) -> Found:
    if answers is not None:
        yield Counterexample(what=what, answers=answers)


def _said(sentences: Iterable[str]) -> Found:
    """Counterexamples of the arithmetic: kinds of tally, whatever answers lead to them."""
    for what in sentences:
        yield Counterexample(what=what)


def _miscounted(space: WholeSpace, *words: str) -> Found:
    """Rules that are not counted where they should be, if what is said has one of these words."""
    for one, what in arithmetic.counted_wrongly(space):
        if any(word in what for word in words):
            found = space.find(space.not_false(one.rule.when))
            yield from _case(space, f"{one.rule.id} {what}", found, one.rule)


def one_verdict(space: WholeSpace) -> Found:
    """A kind of tally without a verdict, or a rule that is true and false at once."""
    yield from _said(arithmetic.without_one_verdict())
    for rule, alone in space.each_alone():
        both = alone.find(alone.true(rule.when), alone.formulas.false(rule.when))
        yield from _case(alone, f"{rule.id} is true and false at once", both, rule)


def stop_decides(space: WholeSpace) -> Found:
    """A stop that is not counted, or a kind of tally with a stop and another verdict."""
    yield from _miscounted(space, " stops ")
    yield from _said(arithmetic.stopped_yet_suitable())


def open_safety(space: WholeSpace) -> Found:
    """A stop or review that is not counted, true or UNKNOWN, or that a verdict overlooks."""
    yield from _miscounted(space, " stops ", " reviews ", " pending ")
    yield from _said(arithmetic.review_missed())


def expected_holds(space: WholeSpace) -> Found:
    """Answers that should hold an option back, and none of its rules that do is true."""
    for one in space.expected.holds:
        effects = (Effect.STOP,) if one.at_most is Verdict.NOT_SUITABLE else HOLD_BACK
        for option in dict.fromkeys((*one.options, BOTH)):
            rules = space.carried(option, *effects)
            if _not_held(space, one.when, _about_the_same(space, one.when, rules)) is not None:
                found = _not_held(space, one.when, rules)
                yield from _answers(f"{option} is safer than {one.at_most}", found)


def _not_held(
    space: WholeSpace, when: Condition, rules: Iterable[Rule]
) -> dict[str, JsonValue] | None:
    """Answers that meet a condition and make none of these rules true."""
    rules = tuple(rules)
    small = Space(space.edition, [when, *(rule.when for rule in rules)])
    found = small.find(small.true(when), small.formulas.negation(small.any_true(rules)))
    return None if found is None else small.answers(found)


def _about_the_same(space: WholeSpace, when: Condition, rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules that speak of a question of the condition: if they hold, so do all of them."""
    asked = space.formulas.questions(space.true(when))
    return (rule for rule in rules if asked & space.formulas.questions(space.true(rule.when)))


def both_never_safer(space: WholeSpace) -> Found:
    """A rule of a half that `both` does not carry, or a kind of tally with which it is safer."""
    yield from _miscounted(space, " stops of both", " reviews of both", " pending of both")
    yield from _said(arithmetic.both_safer())


def act_first(space: WholeSpace) -> Found:
    """An emergency and its rule not true: also where there is no such rule."""
    rules = {rule.id: rule for rule in space.urgent}
    for one in space.expected.emergencies:
        raised = [space.not_true(rules[one.raises].when)] if one.raises in rules else []
        found = space.find(space.true(one.when), *raised)
        yield from _case(space, f"{one.raises} is not raised in an emergency", found)
    yield from _miscounted(space, " act-first ")


def no_dead_rule(space: WholeSpace) -> Found:
    """A rule that no answer set makes true."""
    for rule, alone in space.each_alone():
        if alone.find(alone.true(rule.when)) is None:
            yield Counterexample(what=f"no answers make {rule.id} true", rules=(rule.id,))


def no_constant_rule(space: WholeSpace) -> Found:
    """A rule that every answer set makes true, though it does not say `always`."""
    for rule, alone in space.each_alone():
        if not isinstance(rule.when, Always) and alone.find(alone.not_true(rule.when)) is None:
            yield Counterexample(what=f"all answers make {rule.id} true", rules=(rule.id,))


def no_unused_question(space: WholeSpace) -> Found:
    """A question, instruments aside, with whose answer no rule can change."""
    asked = [one for one in space.questions if one.type is not QuestionType.INSTRUMENT]
    for question in unused_questions(space, asked):
        yield Counterexample(what=f"no rule can change with the answer to {question.id}")


def every_option_leads(space: WholeSpace) -> Found:
    """An option that leads in no answer set."""
    for option in unreached_leads(space):
        yield Counterexample(what=f"{option} leads in no case")


def every_verdict(space: WholeSpace) -> Found:
    """A verdict that no answer set reaches, or one that was ruled out and is reached."""
    ruled_out = {(one.option, one.verdict) for one in space.expected.ruled_out}
    unreached = frozenset(unreached_verdicts(space))
    for option, verdict in sorted(unreached - ruled_out):
        yield Counterexample(what=f"{option} is {verdict} in no case")
    for option, verdict in sorted(ruled_out - unreached):
        yield Counterexample(what=f"{option} is {verdict}, which was ruled out")


def withdraw_one(space: WholeSpace) -> Found:
    """A source with which more is withdrawn than weights."""
    for key in sorted(_cited(space)):
        for rule in withdrawals_that_matter(space, frozenset({key})):
            what = f"{rule.id} does something else once {key} is withdrawn"
            yield Counterexample(what=what, retracted=key, rules=(rule.id,))


def withdraw_all(space: WholeSpace) -> Found:
    """A rule that does something else than weigh less once every source is withdrawn."""
    for rule in withdrawals_that_matter(space, _keys(space)):
        what = f"{rule.id} does something else without any evidence"
        yield Counterexample(what=what, rules=(rule.id,))


def _keys(space: WholeSpace) -> frozenset[str]:
    return frozenset(source.key for source in space.evidence.sources)


def _cited(space: WholeSpace) -> frozenset[str]:
    """The sources that some reason rests on, itself or by a position: no other can matter."""
    keys = {key for rule in space.edition.rules if rule.effect in WEIGHED for key in rule.evidence}
    positions = (name for rule in space.edition.rules for name in rule.positions)
    return frozenset(keys | {space.evidence.position(name).guideline for name in positions})


def urgent_first(space: WholeSpace) -> Found:
    """An act-first rule that is not counted, or something that leads or is favored all the same."""
    yield from _miscounted(space, " act-first ")
    yield from _said(arithmetic.leads_though_urgent(space))
    yield from _said(arithmetic.favoured_without_lead())


def held_back_never_leads(space: WholeSpace) -> Found:
    """A stop or bar that is not counted, or an option that leads without being open."""
    yield from _miscounted(space, " stops ", " bars ")
    yield from _said(arithmetic.open_though_held_back())
    yield from _said(arithmetic.leads_unopened(space))


def both_asked_for(space: WholeSpace) -> Found:
    """`both` may lead, and what it needs is not true.

    It leads only if no act-first rule, stop or bar is true and one of its own reasons counts.
    Where that alone would allow it, the diagram of all answer sets tells whether it leads.
    """
    may_lead = [space.formulas.negation(_not_leading(space))]
    may_lead.append(space.any_true(_own_reasons(space)))
    for condition in space.expected.both_leads_when:
        if space.find(*may_lead, space.not_true(condition)) is not None:
            found = both_leading_without(space, condition)
            yield from _answers("both leads although what it needs is not true", found)
    for half in HALVES:
        barred = space.any_true([*space.bars(half), *space.carried(half, Effect.STOP)])
        held_back = space.find(*may_lead, barred)
        yield from _case(space, f"both may lead although {half} is held back", held_back)
    yield from _said(arithmetic.open_though_held_back())


def _not_leading(space: WholeSpace) -> Formula:
    """That something keeps `both` from leading, whatever it weighs."""
    against = space.any_true([*space.urgent, *space.carried(BOTH, Effect.STOP), *space.bars(BOTH)])
    if not space.edition.open_is_never_no:
        return against
    still_open = [space.not_false(one.when) for one in space.bars(BOTH)]
    return space.formulas.any([against, *still_open])


def _own_reasons(space: WholeSpace) -> Iterator[Rule]:
    """The favour rules of `both` itself that weigh something."""
    for one in arithmetic.prepared(space):
        if one.rule.effect is Effect.FAVOUR and BOTH in one.rule.options and one.finding.weight:
            yield one.rule


def learning_keeps(space: WholeSpace) -> Found:
    """A safety rule that is true until one more answer is learned, though it waits for none."""
    yield from _lost(lost_by_learning(space))


def open_never_no(space: WholeSpace) -> Found:
    """A stop, review, reason or bar that is true until one more answer is learned."""
    yield from _lost(ended_by_learning(space))


def _lost(rules: Iterable[Lost]) -> Found:
    for lost in rules:
        yield Counterexample(
            what=f"{lost.rule.id} is true, and no longer once one more answer is learned",
            answers=lost.before,
            beside=lost.after,
            rules=(lost.rule.id,),
        )


def open_holds_both(space: WholeSpace) -> Found:
    """An open bar that is not counted, or a kind of tally with a bar and a safer verdict."""
    yield from _miscounted(space, " bars of both")
    yield from _said(arithmetic.barred_yet_suitable())
    yield from _said(arithmetic.open_though_held_back())
    yield from _said(arithmetic.leads_unopened(space))


def worse_never_safer(space: WholeSpace) -> Found:
    """An option that is safer after one hazard was made worse by one step."""
    for option, before, after in hazards_made_safer(space):
        yield Counterexample(
            what=f"{option} is safer after one hazard was made worse",
            answers=before,
            beside=after,
        )


BROKEN: Mapping[ClaimId, Callable[[WholeSpace], Found]] = {
    ClaimId.ONE_VERDICT: one_verdict,
    ClaimId.STOP_DECIDES: stop_decides,
    ClaimId.OPEN_SAFETY: open_safety,
    ClaimId.EXPECTED_HOLDS: expected_holds,
    ClaimId.BOTH_NEVER_SAFER: both_never_safer,
    ClaimId.LEARNING_KEEPS: learning_keeps,
    ClaimId.OPEN_NEVER_NO: open_never_no,
    ClaimId.WORSE_NEVER_SAFER: worse_never_safer,
    ClaimId.ACT_FIRST: act_first,
    ClaimId.NO_DEAD_RULE: no_dead_rule,
    ClaimId.NO_CONSTANT_RULE: no_constant_rule,
    ClaimId.NO_UNUSED_QUESTION: no_unused_question,
    ClaimId.EVERY_OPTION_LEADS: every_option_leads,
    ClaimId.EVERY_VERDICT: every_verdict,
    ClaimId.WITHDRAW_ONE: withdraw_one,
    ClaimId.WITHDRAW_ALL: withdraw_all,
    ClaimId.URGENT_FIRST: urgent_first,
    ClaimId.HELD_BACK_NEVER_LEADS: held_back_never_leads,
    ClaimId.BOTH_ASKED_FOR: both_asked_for,
    ClaimId.OPEN_HOLDS_BOTH: open_holds_both,
}
"""How each claim is checked; each to be read beside its sentence in `claims.CLAIMS`."""
