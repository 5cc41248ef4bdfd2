"""What a change of evidence would do: to rules, to stored cases and vignettes, to what is in reach.

Nothing is stored and nothing sampled: every stored case of every clinic is decided under both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from decisions.replay.cases import StoredCase
from decisions.replay.differences import CaseName
from decisions.replay.replay import Both, read_by_both
from decisions.replay.responsible_rules import Seen, Side, Sides, TrueRules
from decisions.rules.engine.certainty_limits import support_of_position, support_of_source
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rule_sources import sources_of_rule
from decisions.rules.engine.rules import WEIGHED, OptionId, Rule
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.proof.by_exhaustion_reach import unreached_leads, unreached_verdicts
from decisions.rules.proof.by_exhaustion_space import WholeSpace
from decisions.rules.proof.expectations import Expectations
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import Cause, Reach, RuleImpact
from evidence.domain.terms import EntryKind

VIGNETTE = "vignette:"
"""Begins the case id of a vignette."""


def changed_rules(
    edition: Edition, before: EvidenceBase, after: EvidenceBase
) -> tuple[RuleImpact, ...]:
    """Every rule that weighs otherwise, or is supported otherwise, in the order of the rules."""
    pairs = zip(prepare(edition, before), prepare(edition, after), strict=True)
    return tuple(
        rule_impact(was, now, before, after).model_copy(update={"editions": (edition.id,)})
        for was, now in pairs
        if _weighs(was) != _weighs(now)
    )


def rules_of_editions(rules: Iterable[RuleImpact]) -> tuple[RuleImpact, ...]:
    """Each rule once, with every edition that has it in these words and with these weights."""
    found: dict[str, RuleImpact] = {}
    for one in rules:
        key = one.model_copy(update={"editions": (), "rests_on": ()}).model_dump_json()
        other = found.get(key)
        found[key] = one if other is None else _joined(other, one)
    return tuple(found.values())


def _joined(one: RuleImpact, other: RuleImpact) -> RuleImpact:
    rests_on = tuple(dict.fromkeys((*one.rests_on, *other.rests_on)))
    return one.model_copy(
        update={"editions": (*one.editions, *other.editions), "rests_on": rests_on}
    )


def _weighs(one: Prepared) -> tuple[int, int]:
    return one.finding.weight, one.finding.support


def rule_impact(
    was: Prepared, now: Prepared, before: EvidenceBase, after: EvidenceBase
) -> RuleImpact:
    """What becomes of one rule, and by which of its sources and positions."""
    return RuleImpact(
        rule=was.rule.id,
        because=was.rule.because,
        effect=was.rule.effect,
        weight_before=was.finding.weight,
        weight_after=now.finding.weight,
        support_before=was.finding.support,
        support_after=now.finding.support,
        left_without_support=was.rule.effect in WEIGHED
        and bool(was.finding.weight)
        and not now.finding.weight,
        causes=tuple(_causes(was.rule, before, after)),
        rests_on=sources_of_rule(was.rule, before, after),
    )


def _causes(rule: Rule, before: EvidenceBase, after: EvidenceBase) -> Iterator[Cause]:
    for key in rule.evidence:
        if support_of_source(before, key) != support_of_source(after, key):
            yield Cause(entry=EntryKind.SOURCE, key=key, label=_holding(key, before, after))
    for name in rule.positions:
        if support_of_position(before, name) != support_of_position(after, name):
            yield Cause(entry=EntryKind.POSITION, key=name, label=_position(name, before, after))


def _holding(key: str, *bodies: EvidenceBase) -> str:
    """The name under which a source is cited, from the first body of evidence that has it."""
    return next((one.source(key).label for one in bodies if one.has_source(key)), key)


def _position(name: str, *bodies: EvidenceBase) -> str:
    found = next((one.position(name) for one in bodies if one.has_position(name)), None)
    if found is None:
        return name
    return f"{_holding(found.guideline, *bodies)} on {found.indication}"


def with_other_reasons(
    side: Side, rules: frozenset[str], cases: Iterable[StoredCase]
) -> Iterator[tuple[frozenset[str], CaseName]]:
    """The cases in which any of these rules is true, and which of them are."""
    sides = Sides(side, side)
    when_true = sides.when_true(rules)
    for one in read_by_both(cases, sides):
        if isinstance(one, Both) and (touched := true_in(one.before, when_true)):
            yield touched, one.case.name


def true_in(seen: Seen, rules: TrueRules) -> frozenset[str]:
    """Those of some rules that are true in a case."""
    return frozenset([rules[hit] for hit in seen.hits if hit in rules])


OptionReach = Mapping[OptionId, tuple[tuple[str, ...], bool]]
"""The verdicts that some answers can give each option, and whether it can lead."""


def reach(
    edition: Edition,
    before: EvidenceBase,
    after: EvidenceBase,
    reach_under: Callable[[Edition, EvidenceBase], OptionReach],
) -> tuple[Reach, ...]:
    """The verdicts that some answers can give each option before and after, and who can lead."""
    was = reach_under(edition, before)
    now = reach_under(edition, after) if changed_rules(edition, before, after) else was
    return tuple(
        Reach(
            option=option,
            before=was[option][0],
            after=now[option][0],
            can_lead_before=was[option][1],
            can_lead_after=now[option][1],
        )
        for option in OptionId
    )


@lru_cache(maxsize=4)
def search_reach(edition: Edition, evidence: EvidenceBase) -> OptionReach:
    """Exact, over all answer sets: the same search as in the proof of the edition."""
    nothing_expected = Expectations(
        edition=edition.id, hazards=(), emergencies=(), holds=(), both_leads_when=(), ruled_out=()
    )
    space = WholeSpace(edition, evidence, nothing_expected)
    without_lead = set(unreached_leads(space))
    unreached = set(unreached_verdicts(space))
    return {
        option: (
            tuple(verdict.value for verdict in Verdict if (option, verdict) not in unreached),
            option not in without_lead,
        )
        for option in OptionId
    }
