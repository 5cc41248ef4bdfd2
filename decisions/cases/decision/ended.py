"""What was valid until a day that is past by now: sources behind a letter, and sentences."""

from __future__ import annotations

from typing import NamedTuple

from decisions.cases.decision.cited import findings_in
from decisions.cases.models import Decision
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome, Pending
from decisions.rules.engine.rules import Rule
from evidence.ending import Endings


class EndedSource(NamedTuple):
    """A cited source whose last day is past. says: so in words."""

    key: str
    label: str
    says: str


def ended_since(decision: Decision, endings: Endings) -> tuple[EndedSource, ...]:
    """The sources that a decision names and that have ended, each once."""
    outcome = Outcome.model_validate(decision.outcome)
    keys = dict.fromkeys(key for one in findings_in(outcome) for key in one.rests_on)
    said = ((key, endings.beside([key])) for key in keys)
    return tuple(
        EndedSource(key, endings.evidence.source(key).label, says) for key, says in said if says
    )


def say_rule(rule: Rule, endings: Endings) -> str:
    """The sentence of a rule as pages show it: with it that something it rests on has ended."""
    evidence = endings.evidence
    positions = (evidence.position(one) for one in rule.positions if evidence.has_position(one))
    keys = (*rule.evidence, *rule.counter, *(one.guideline for one in positions))
    return endings.said(rule.because, keys)


def with_ended_said(outcome: Outcome, edition: Edition, endings: Endings) -> Outcome:
    """An outcome as pages show it: each sentence says that something it rests on has ended."""
    if not endings.sources:
        return outcome
    options = {
        option: one.model_copy(update=_said_of(one, edition, endings))
        for option, one in outcome.options.items()
    }
    case = {name: _findings(getattr(outcome, name), endings) for name in ("urgent", "notes")}
    return outcome.model_copy(update={**case, "options": options})


def _said_of(one: OptionOutcome, edition: Edition, endings: Endings) -> dict[str, object]:
    found = ("stops", "reviews", "bars", "favour", "against", "silent", "notes")
    return {
        **{name: _findings(getattr(one, name), endings) for name in found},
        **{
            name: _pending(getattr(one, name), edition, endings)
            for name in ("pending", "pending_bars")
        },
    }


def _findings(findings: tuple[Finding, ...], endings: Endings) -> tuple[Finding, ...]:
    return tuple(
        one.model_copy(update={"because": endings.said(one.because, one.rests_on)})
        for one in findings
    )


def _pending(
    pending: tuple[Pending, ...], edition: Edition, endings: Endings
) -> tuple[Pending, ...]:
    return tuple(
        one.model_copy(update={"because": say_rule(edition.rule(one.rule), endings)})
        for one in pending
    )
