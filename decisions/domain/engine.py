"""decide(): the only place where a verdict is made.

Pure: an edition, the answers of a case and the evidence go in, an outcome comes out.
The meaning of every step is the header of the edition's rules.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from decisions.domain.answers import Answers
from decisions.domain.edition import Edition
from decisions.domain.outcomes import Finding, OptionOutcome, Outcome, Pending, Verdict
from decisions.domain.rules import HALVES, WEIGHED, Effect, OptionId, Rule, Weight
from decisions.domain.support import find
from decisions.domain.truth import Truth
from evidence.domain import EvidenceBase

LEADING_SUM = 2
"""An option leads only when its reasons add up to at least this."""
CLOSE_SUM = 1
"""An option counts as close only from this sum on ..."""
CLOSE_DISTANCE = 1
"""... and only when it is at most this far below the top."""
PROVEN_SUPPORT = Weight.MODERATE
"""`both` is favored only when one of its own reasons has published support of at least this."""
PREFERENCE = "preference"
"""The question that says what the patient prefers."""
TMS_COURSES = "tms_courses"
"""The question that says how many courses of TMS there were."""


class _Prepared(NamedTuple):
    """A rule with everything about it that does not depend on the case."""

    rule: Rule
    finding: Finding
    of: frozenset[OptionId]
    """The options that the rule concerns: `both` too where it carries the rule of a half."""


@lru_cache(maxsize=8)
def _prepare(edition: Edition, evidence: EvidenceBase) -> tuple[_Prepared, ...]:
    return tuple(
        _Prepared(rule, find(edition, rule, evidence), _concerned(rule)) for rule in edition.rules
    )


def _concerned(rule: Rule) -> frozenset[OptionId]:
    carried = rule.bars or rule.effect in {Effect.STOP, Effect.REVIEW, Effect.NOTE}
    own = frozenset(rule.options)
    return own | {OptionId.BOTH} if carried and own & set(HALVES) else own


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The rules of one option, sorted by what they do in this case."""

    option: OptionId
    stops: tuple[Finding, ...]
    reviews: tuple[Finding, ...]
    bars: tuple[Finding, ...]
    reasons: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    pending: tuple[Pending, ...]
    pending_bars: tuple[Pending, ...]

    def own(self, effect: Effect) -> tuple[Finding, ...]:
        """Its true reasons of this effect that weigh something."""
        return tuple(one for one in self.reasons if one.effect is effect and one.weight)

    @property
    def balance(self) -> int:
        """Weights of its reasons for it minus those against it."""
        favour = sum(one.weight for one in self.own(Effect.FAVOUR))
        return favour - sum(one.weight for one in self.own(Effect.AGAINST))


def decide(edition: Edition, answers: Answers, evidence: EvidenceBase) -> Outcome:
    """What the rules of an edition say of a case under this evidence.

    answers: read by the edition's own questionnaire; whatever is missing counts as unknown.
    Same input, same outcome. Raises nothing for any answers that could be read.
    """
    prepared = _prepare(edition, evidence)
    facts = answers.facts
    truths = [one.rule.when.evaluate(facts) for one in prepared]
    weighed = {option: _weigh(option, prepared, truths, answers) for option in OptionId}
    of_case = [
        one.finding
        for one, truth in zip(prepared, truths, strict=True)
        if truth is Truth.TRUE and not one.rule.options
    ]
    urgent = tuple(finding for finding in of_case if finding.effect is Effect.URGENT)
    sums = _sums(weighed)
    standing = _Standing((), (), False) if urgent else _stand(weighed, sums, answers)
    return Outcome(
        edition=edition.id,
        edition_sha256=edition.sha256,
        evidence_release=evidence.release,
        evidence_sha256=evidence.sha256,
        urgent=urgent,
        notes=tuple(finding for finding in of_case if finding.effect is Effect.NOTE),
        leading=standing.leading,
        close=standing.close if len(standing.close) > 1 else (),
        by_preference=standing.by_preference,
        first_course=facts[TMS_COURSES] == 0,
        options={
            option: _conclude(one, sums[option], leads=option in standing.leading)
            for option, one in weighed.items()
        },
    )


def _weigh(
    option: OptionId,
    prepared: Iterable[_Prepared],
    truths: Iterable[Truth],
    answers: Answers,
) -> _Weighed:
    found: dict[Effect, list[Finding]] = {effect: [] for effect in Effect}
    reasons, bars, pending, pending_bars = [], [], [], []
    for one, truth in zip(prepared, truths, strict=True):
        if truth is Truth.FALSE or option not in one.of:
            continue
        effect = one.rule.effect
        if truth is Truth.TRUE:
            if one.rule.bars:
                bars.append(one.finding)
            if effect not in WEIGHED:
                found[effect].append(one.finding)
            elif option in one.rule.options:
                reasons.append(one.finding)
        elif effect in {Effect.STOP, Effect.REVIEW}:
            pending.append(_pending(one.rule, answers))
        elif one.rule.bars:
            pending_bars.append(_pending(one.rule, answers))
    return _Weighed(
        option=option,
        stops=tuple(found[Effect.STOP]),
        reviews=tuple(found[Effect.REVIEW]),
        bars=tuple(bars),
        reasons=tuple(reasons),
        notes=tuple(found[Effect.NOTE]),
        pending=tuple(pending),
        pending_bars=tuple(pending_bars),
    )


def _pending(rule: Rule, answers: Answers) -> Pending:
    return Pending(
        rule=rule.id,
        effect=rule.effect,
        options=rule.options,
        because=rule.because,
        waits_for=answers.waits_for(rule.when),
    )


def _sums(weighed: Mapping[OptionId, _Weighed]) -> dict[OptionId, int]:
    """The sum of each option; that of `both` never rises above its lower half."""
    sums = {option: weighed[option].balance for option in HALVES}
    lower = min(sums.values())
    return {**sums, OptionId.BOTH: min(lower, lower + weighed[OptionId.BOTH].balance)}


class _Standing(NamedTuple):
    """How the options stand to each other."""

    leading: tuple[OptionId, ...]
    close: tuple[OptionId, ...]
    by_preference: bool


def _stand(
    weighed: Mapping[OptionId, _Weighed], sums: Mapping[OptionId, int], answers: Answers
) -> _Standing:
    is_open = [option for option in OptionId if _is_open(weighed[option])]
    top = max((sums[option] for option in is_open), default=0)
    least = max(CLOSE_SUM, top - CLOSE_DISTANCE)
    close = tuple(option for option in is_open if sums[option] >= least)
    if top < LEADING_SUM:
        return _Standing((), close, False)
    if len(close) == 1:
        return _Standing(close, close, False)
    preferred = tuple(option for option in close if option == answers.facts[PREFERENCE])
    return _Standing(preferred, close, bool(preferred))


def _is_open(one: _Weighed) -> bool:
    if one.option is OptionId.BOTH and not one.own(Effect.FAVOUR):
        return False
    return not one.stops and not one.bars


def _conclude(one: _Weighed, total: int, *, leads: bool) -> OptionOutcome:
    return OptionOutcome(
        option=one.option,
        verdict=_verdict(one, total, leads=leads),
        barred=bool(one.bars),
        leads=leads,
        stops=one.stops,
        reviews=one.reviews,
        bars=one.bars,
        favour=one.own(Effect.FAVOUR),
        against=one.own(Effect.AGAINST),
        silent=tuple(finding for finding in one.reasons if not finding.weight),
        pending=one.pending,
        pending_bars=one.pending_bars,
        notes=one.notes,
    )


def _verdict(one: _Weighed, total: int, *, leads: bool) -> Verdict:
    """The first verdict that applies, in the order of the header of rules.yaml."""
    if one.stops:
        return Verdict.NOT_SUITABLE
    if one.reviews:
        return Verdict.SPECIALIST_REVIEW
    if one.pending:
        return Verdict.MORE_INFORMATION
    if one.bars or total < 0:
        return Verdict.LESS_SUITABLE
    if leads and not one.pending_bars and _is_proven(one):
        return Verdict.FAVOURED
    return Verdict.REASONABLE


def _is_proven(one: _Weighed) -> bool:
    """Whether an option may be favored: `both` only with published support of its own."""
    if one.option is not OptionId.BOTH:
        return True
    return any(
        not finding.practical and finding.support >= PROVEN_SUPPORT
        for finding in one.own(Effect.FAVOUR)
    )
