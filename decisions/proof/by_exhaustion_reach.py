"""Who can lead and which verdicts can be reached, read off the diagram of all answer sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from decisions.domain.answers import Answers
from decisions.domain.bearing import Bearing, blocking, is_blocked, leading_under, sum_under
from decisions.domain.conditions import Not
from decisions.domain.leading_rules import LeadingRules, Weighing, rules_for_leading
from decisions.domain.outcomes import Verdict
from decisions.domain.rules import Effect, OptionId
from decisions.proof.by_exhaustion_arithmetic import prepared, proves
from decisions.proof.by_exhaustion_space import WholeSpace


class End(NamedTuple):
    """What an answer set comes to for one option whose stops and reviews are all false."""

    is_barred: bool
    is_below_zero: bool
    leads: bool


def unreached_leads(space: WholeSpace) -> Iterator[OptionId]:
    """The options that lead in no answer set."""
    for option in OptionId:
        if not any(end.leads for ends in _ends(space, option, []) for end in ends):
            yield option


def unreached_verdicts(space: WholeSpace) -> Iterator[tuple[OptionId, Verdict]]:
    """The verdicts that an option is given in no answer set."""
    for option in OptionId:
        for verdict in Verdict:
            if not _is_reached(space, option, verdict):
                yield option, verdict


def _is_reached(space: WholeSpace, option: OptionId, verdict: Verdict) -> bool:
    stops, reviews = (space.carried(option, one) for one in (Effect.STOP, Effect.REVIEW))
    formulas = space.formulas
    stopped, reviewed = space.any_true(stops), space.any_true(reviews)
    still_open = formulas.any([space.not_false(one.when) for one in (*stops, *reviews)])
    cleared = [Weighing(one.when, blocking(option), not_false=True) for one in (*stops, *reviews)]
    match verdict:
        case Verdict.NOT_SUITABLE:
            return space.find(stopped) is not None
        case Verdict.SPECIALIST_REVIEW:
            return space.find(formulas.negation(stopped), reviewed) is not None
        case Verdict.MORE_INFORMATION:
            neither = [formulas.negation(stopped), formulas.negation(reviewed)]
            return space.find(*neither, still_open) is not None
        case Verdict.LESS_SUITABLE:
            barred = space.any_true(space.bars(option))
            if space.find(formulas.negation(still_open), barred) is not None:
                return True
            return any(end.is_below_zero for ends in _ends(space, option, cleared) for end in ends)
        case Verdict.FAVOURED:
            return _is_favoured(space, option, cleared)
        case Verdict.REASONABLE:
            ends = (end for ends in _ends(space, option, cleared) for end in ends)
            return any(
                not end.is_barred and not end.is_below_zero and not end.leads for end in ends
            )


def _is_favoured(space: WholeSpace, option: OptionId, cleared: list[Weighing]) -> bool:
    """Whether some answer set makes an option lead, cleared, its bars known, `both` proved."""
    bars = [Weighing(one.when, blocking(option), not_false=True) for one in space.bars(option)]
    if option is not OptionId.BOTH:
        return any(end.leads for ends in _ends(space, option, cleared + bars) for end in ends)
    proofs = [
        one.rule for one in prepared(space) if OptionId.BOTH in one.rule.options and proves(one)
    ]
    for proof in proofs:
        unless = Weighing(Not(part=proof.when), blocking(option), not_false=True)
        ends = _ends(space, option, [*cleared, *bars, unless])
        if any(end.leads for found in ends for end in found):
            return True
    return False


def _ends(
    space: WholeSpace, option: OptionId, also_blocking: list[Weighing]
) -> Iterator[frozenset[End]]:
    """What answer sets come to for an option: the complete ones first, then all there are.

    also_blocking: what counts as a bar besides the rules, to leave out the answer sets in which
    it is true. A caller that finds what it looks for among the complete ones stops there.
    """
    nothing_known = Answers(space.edition.questionnaire, {})
    for with_unknown in (False, True):
        rules = LeadingRules(
            space.edition.questionnaire,
            [*rules_for_leading(space.edition, space.evidence), *also_blocking],
            with_unknown=with_unknown,
        )
        yield rules.diagram(nothing_known, partial(_end, option)).ends


def _end(option: OptionId, bearing: Bearing) -> End:
    barred = is_blocked(bearing, option)
    return End(
        is_barred=barred,
        is_below_zero=not barred and sum_under(bearing, option) < 0,
        leads=leading_under(bearing) == (option,),
    )
