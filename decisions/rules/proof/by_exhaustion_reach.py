"""Who can lead and which verdicts can be reached, read off the diagram of all answer sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Generic, NamedTuple, TypeVar

from pydantic import JsonValue

from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import Effect, OptionId
from decisions.rules.logic.conditions import Condition, Not
from decisions.rules.proof.by_exhaustion_arithmetic import prepared, proves
from decisions.rules.proof.by_exhaustion_space import WholeSpace, answers_of
from decisions.rules.sensitivity.leading_rules import LeadingRules, Weighing, rules_for_leading
from decisions.rules.sensitivity.leading_state import (
    Bearing,
    blocking,
    is_blocked,
    leading_under,
    sum_under,
)

Item = TypeVar("Item")


def both_leading_without(space: WholeSpace, condition: Condition) -> dict[str, JsonValue] | None:
    """Answers with which `both` leads although a condition is not true; None if there are none."""
    only_without = Weighing(condition, blocking(OptionId.BOTH))
    questionnaire = space.edition.questionnaire
    rules = LeadingRules(
        questionnaire,
        [*rules_for_leading(space.edition, space.evidence), only_without],
        with_unknown=True,
    )
    diagram = rules.diagram(leading_under)
    way = diagram.way_to(lambda leading: leading == (OptionId.BOTH,))
    return None if way is None else answers_of(questionnaire, rules.classes, way)


class End(NamedTuple):
    """What an answer set comes to for one option whose stops and reviews are all false."""

    is_barred: bool
    is_below_zero: bool
    leads: bool


class Kept(Generic[Item]):
    """What an iterator gives, asked of it once, however often and however far it is read."""

    def __init__(self, source: Iterator[Item]) -> None:
        self._source = source
        self._given: list[Item] = []

    def __iter__(self) -> Iterator[Item]:
        place = 0
        while place < len(self._given) or self._reads_on():
            yield self._given[place]
            place += 1

    def _reads_on(self) -> bool:
        for one in self._source:
            self._given.append(one)
            return True
        return False


def unreached_leads(space: WholeSpace) -> Iterator[OptionId]:
    """The options that lead in no answer set."""
    for option in OptionId:
        found = (
            end.leads
            for cleared in (True, False)
            for with_unknown in (False, True)
            for end in _ends(space, option, cleared=cleared, with_unknown=with_unknown)
        )
        if not any(found):
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
            return any(end.is_below_zero for end in _cleared_ends(space, option))
        case Verdict.REASONABLE:
            return any(end == End(False, False, False) for end in _cleared_ends(space, option))
        case Verdict.FAVOURED:
            return _is_favoured(space, option)


def _cleared_ends(space: WholeSpace, option: OptionId) -> Iterator[End]:
    """The ends of answer sets with no open stop or review of an option, the complete ones first."""
    for with_unknown in (False, True):
        yield from _ends(space, option, cleared=True, with_unknown=with_unknown)


def _is_favoured(space: WholeSpace, option: OptionId) -> bool:
    """Whether some answer set makes an option lead, cleared, its bars known, `both` proved.

    In a complete answer set every bar is known.
    """
    if option is not OptionId.BOTH:
        if any(end.leads for end in _ends(space, option, cleared=True, with_unknown=False)):
            return True
        ends = _ends(space, option, cleared=True, with_unknown=True, bars_known=True)
        return any(end.leads for end in ends)
    own = (one for one in prepared(space) if OptionId.BOTH in one.rule.options)
    proofs = [one.rule.when for one in own if proves(one)]
    return any(
        end.leads
        for proof in proofs
        for with_unknown in (False, True)
        for end in _ends(
            space, option, cleared=True, with_unknown=with_unknown, bars_known=True, proof=proof
        )
    )


@lru_cache(maxsize=32)
def _ends(
    space: WholeSpace,
    option: OptionId,
    *,
    cleared: bool,
    with_unknown: bool,
    bars_known: bool = False,
    proof: Condition | None = None,
) -> Kept[End]:
    """What answer sets come to for an option; what is left out of them counts as a bar.

    cleared: only those whose stops and reviews are all false. bars_known: only those without an
    UNKNOWN bar. proof: only those in which this is true.
    """
    left_out: list[Condition] = [Not(part=proof)] if proof is not None else []
    if cleared:
        left_out += [one.when for one in space.carried(option, Effect.STOP, Effect.REVIEW)]
    if bars_known:
        left_out += [one.when for one in space.bars(option)]
    also = [Weighing(when, blocking(option), not_false=True) for when in left_out]
    questionnaire = space.edition.questionnaire
    rules = LeadingRules(
        questionnaire,
        [*rules_for_leading(space.edition, space.evidence), *also],
        with_unknown=with_unknown,
    )
    return Kept(rules.walk().ends(partial(_end, option)))


def _end(option: OptionId, bearing: Bearing) -> End:
    barred = is_blocked(bearing, option)
    return End(
        is_barred=barred,
        is_below_zero=not barred and sum_under(bearing, option) < 0,
        leads=leading_under(bearing) == (option,),
    )
