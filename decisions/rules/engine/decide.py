"""decide(): the only place where a verdict is made.

Pure: an edition, the answers of a case and the evidence go in, an outcome comes out.
The meaning of every step is the header of the edition's rules.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import hits_in
from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome, Pending, Verdict
from decisions.rules.engine.rules import OPTIONS, Effect, OptionId, Rule
from decisions.rules.engine.verdicts import PREFERENCE, position_of, tallied
from decisions.rules.engine.weighed_rules import Kind, Prepared
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase

TMS_COURSES = "tms_courses"
"""The question that says how many courses of TMS there were."""


def decide(edition: Edition, answers: Answers, evidence: EvidenceBase) -> Outcome:
    """What the rules of an edition say of a case under this evidence.

    answers: read by the edition's own questionnaire; whatever is missing counts as unknown.
    Same input, same outcome. Raises nothing for any answers that could be read.
    """
    facts = answers.facts
    hits = hits_in(edition, evidence, facts)
    entries = Entries(hits)
    position = position_of(tallied(entries), facts[PREFERENCE])
    standing = position.standing
    waiting = {
        one.rule.id: _pending(one.rule, answers)
        for _, one, truth in hits
        if truth is Truth.UNKNOWN and one.entries(truth)
    }
    return Outcome(
        edition=edition.id,
        edition_sha256=edition.sha256,
        evidence_release=evidence.release,
        evidence_sha256=evidence.sha256,
        urgent=entries.of_case(Effect.URGENT),
        notes=entries.of_case(Effect.NOTE),
        leading=standing.leading,
        close=standing.close if len(standing.close) > 1 else (),
        by_preference=standing.by_preference,
        first_course=facts[TMS_COURSES] == 0,
        options={
            option: _conclude(
                option,
                entries.of(option),
                waiting,
                position.verdicts[option],
                leads=option in standing.leading,
            )
            for option in OPTIONS
        },
    )


def _pending(rule: Rule, answers: Answers) -> Pending:
    return Pending(
        rule=rule.id,
        effect=rule.effect,
        options=rule.options,
        because=rule.because,
        waits_for=answers.waits_for(rule.when),
    )


def _conclude(
    option: OptionId,
    found: Sequence[list[Prepared]],
    waiting: Mapping[str, Pending],
    verdict: Verdict,
    *,
    leads: bool,
) -> OptionOutcome:
    return OptionOutcome(
        option=option,
        verdict=verdict,
        barred=bool(found[Kind.BARS] or found[Kind.OPEN_BARS]),
        leads=leads,
        stops=_findings(found[Kind.STOPS]),
        reviews=_findings(found[Kind.REVIEWS]),
        bars=_findings(found[Kind.BARS]),
        favour=_findings(found[Kind.FAVOUR]),
        against=_findings(found[Kind.AGAINST]),
        silent=_findings(found[Kind.SILENT]),
        pending=tuple([waiting[one.rule.id] for one in found[Kind.PENDING]]),
        pending_bars=tuple(
            [waiting[one.rule.id] for one in found[Kind.PENDING_BARS] + found[Kind.OPEN_BARS]]
        ),
        notes=_findings(found[Kind.NOTES]),
    )


def _findings(found: Sequence[Prepared]) -> tuple[Finding, ...]:
    return tuple([one.finding for one in found])
