"""decide(): the only place where a verdict is made.

Pure: an edition, the answers of a case and the evidence go in, an outcome comes out.
The meaning of every step is the header of the edition's rules.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decisions.domain.answers import Answers
from decisions.domain.edition import Edition
from decisions.domain.hits import Hit, hits_in
from decisions.domain.outcomes import Finding, OptionOutcome, Outcome, Pending, Verdict
from decisions.domain.rules import OPTIONS, WEIGHED, Effect, OptionId, Rule
from decisions.domain.standing import PREFERENCE, position_of, tallied
from decisions.domain.truth import Truth
from evidence.domain import EvidenceBase

TMS_COURSES = "tms_courses"
"""The question that says how many courses of TMS there were."""


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


def decide(edition: Edition, answers: Answers, evidence: EvidenceBase) -> Outcome:
    """What the rules of an edition say of a case under this evidence.

    answers: read by the edition's own questionnaire; whatever is missing counts as unknown.
    Same input, same outcome. Raises nothing for any answers that could be read.
    """
    facts = answers.facts
    hits = hits_in(edition, evidence, facts)
    position = position_of(tallied(hits), facts[PREFERENCE])
    standing = position.standing
    waiting = {
        one.rule.id: _pending(one.rule, answers)
        for _, one, truth in hits
        if truth is Truth.UNKNOWN and _can_hold_up(one.rule)
    }
    of_case = [
        one.finding for _, one, truth in hits if truth is Truth.TRUE and not one.rule.options
    ]
    return Outcome(
        edition=edition.id,
        edition_sha256=edition.sha256,
        evidence_release=evidence.release,
        evidence_sha256=evidence.sha256,
        urgent=tuple(finding for finding in of_case if finding.effect is Effect.URGENT),
        notes=tuple(finding for finding in of_case if finding.effect is Effect.NOTE),
        leading=standing.leading,
        close=standing.close if len(standing.close) > 1 else (),
        by_preference=standing.by_preference,
        first_course=facts[TMS_COURSES] == 0,
        options={
            option: _conclude(
                _weigh(option, hits, waiting),
                position.verdicts[option],
                leads=option in standing.leading,
            )
            for option in OPTIONS
        },
    )


def _weigh(option: OptionId, hits: Iterable[Hit], waiting: Mapping[str, Pending]) -> _Weighed:
    found: dict[Effect, list[Finding]] = {Effect.STOP: [], Effect.REVIEW: [], Effect.NOTE: []}
    reasons, bars, pending, pending_bars = [], [], [], []
    for _, one, truth in hits:
        if option not in one.of:
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
            pending.append(waiting[one.rule.id])
        elif one.rule.bars:
            pending_bars.append(waiting[one.rule.id])
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


def _can_hold_up(rule: Rule) -> bool:
    """Whether a rule holds an option up while it is UNKNOWN."""
    return rule.bars or rule.effect in {Effect.STOP, Effect.REVIEW}


def _pending(rule: Rule, answers: Answers) -> Pending:
    return Pending(
        rule=rule.id,
        effect=rule.effect,
        options=rule.options,
        because=rule.because,
        waits_for=answers.waits_for(rule.when),
    )


def _conclude(one: _Weighed, verdict: Verdict, *, leads: bool) -> OptionOutcome:
    return OptionOutcome(
        option=one.option,
        verdict=verdict,
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
