"""What speaks about a plan: conflicts, what is still to ask, and what holds for every plan.

The sentences are data of an edition (plan.yaml); each names its source. Nothing here forbids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from decisions.documents.plan.schedule import PlanAsked, Planned
from decisions.rules.engine.edition import Edition
from decisions.rules.logic.values import Frozen, Id, Text
from evidence.domain.entries import EvidenceBase, Source
from evidence.strict_yaml import wrong_keys

OBSERVATION = timedelta(hours=2)
"""The least time under observation after a dose of esketamine (spravato-label)."""

PERHAPS_ESKETAMINE = ("", "esketamine")
"""Routes for which the label of esketamine has to be kept: an unknown route may be it."""

TMS_PARTS = ("tms_first_day", "tms_weekdays", "tms_sessions", "tms_time")
KETAMINE_PATTERN = ("ketamine_first_day", "ketamine_weekdays", "ketamine_sessions")
KETAMINE_PARTS = ("ketamine_route", "ketamine_time", "watcher", "driver")
"""Fields of a plan without which something is not known."""

Dates = tuple[date, ...]
Kind = Literal["conflict", "open", "note"]


class PlanRule(Frozen):
    """One sentence about plans. rule: the rule of the edition that says the same, if one does."""

    id: Id
    kind: Kind
    says: Text
    rule: str = ""
    evidence: tuple[Id, ...] = Field(min_length=1)


class PlanFinding(Frozen):
    """A rule that speaks about this plan. days: which days it is about; empty for all of it."""

    rule: PlanRule
    days: Dates
    sources: tuple[Source, ...]
    """Those of its sources that were not withdrawn."""


class PlanWords(Frozen):
    """The words of a plan in one edition, and its rules.

    Raises ValueError where a rule has no finder or a finder has no rule.
    """

    edition: Text
    custom: Text
    rules: tuple[PlanRule, ...]
    words: Mapping[str, Text]
    columns: Mapping[str, tuple[Text, ...]]
    routes: Mapping[str, Text]
    treatments: Mapping[str, Text]
    unknown: Mapping[str, Text]
    certainty: Mapping[str, Text]
    verified: Mapping[str, Text]

    @model_validator(mode="after")
    def _every_rule_is_found(self) -> Self:
        named = [one.id for one in self.rules]
        if wrong := wrong_keys(named, FINDERS):
            raise ValueError(f"rules: {wrong}")
        if len(named) != len(set(named)):
            raise ValueError("rules: an id occurs twice")
        return self


def problems_of_plan(words: PlanWords, edition: Edition, evidence: EvidenceBase) -> tuple[str, ...]:
    """What does not fit: an unknown source, a rule of the edition that does not exist."""
    rules = {rule.id for rule in edition.rules}
    problems = [] if words.edition == edition.id else [f"edition: write {edition.id}"]
    for one in words.rules:
        if one.rule and one.rule not in rules:
            problems.append(f"{one.id}: no rule is called {one.rule}")
        strange = [key for key in one.evidence if not evidence.has_source(key)]
        problems += [f"{one.id}: no source has the key {key}" for key in strange]
    return tuple(problems)


def findings_about(
    *, asked: PlanAsked, planned: Planned, words: PlanWords, evidence: EvidenceBase
) -> tuple[PlanFinding, ...]:
    """Everything that speaks about a plan, in the order of the rules."""
    found = ((rule, FINDERS[rule.id](asked, planned)) for rule in words.rules)
    return tuple(
        PlanFinding(rule=rule, days=days, sources=_standing(rule.evidence, evidence))
        for rule, days in found
        if days is not None
    )


def unknown_parts(asked: PlanAsked) -> tuple[str, ...]:
    """The parts of a plan that are not known, by the name of their field."""
    tms = TMS_PARTS if asked.tms_sessions != 0 or asked.taper else ()
    ketamine = KETAMINE_PARTS if asked.ketamine_days else (*KETAMINE_PATTERN, *KETAMINE_PARTS)
    parts = (*tms, *(ketamine if asked.ketamine_sessions != 0 else ()))
    return tuple(one for one in parts if getattr(asked, one) in (None, "", (), "not_known"))


def _standing(keys: Iterable[str], evidence: EvidenceBase) -> tuple[Source, ...]:
    known = (key for key in keys if evidence.has_source(key) and not evidence.is_retracted(key))
    return tuple(evidence.source(key) for key in known)


# Finders: the days that a rule is about, empty for the whole plan; None where it does not speak.


def _same_day(asked: PlanAsked, planned: Planned) -> Dates | None:
    return planned.shared_days or None


def _ketamine_first(asked: PlanAsked, planned: Planned) -> Dates | None:
    if asked.tms_time is None or asked.ketamine_time is None:
        return None
    return planned.shared_days or None if asked.ketamine_time <= asked.tms_time else None


def _order_not_known(asked: PlanAsked, planned: Planned) -> Dates | None:
    if asked.tms_time is not None and asked.ketamine_time is not None:
        return None
    return planned.shared_days or None


def _under_observation(asked: PlanAsked, planned: Planned) -> Dates | None:
    """TMS begins while the patient is still watched; for certain with esketamine."""
    if asked.ketamine_route not in PERHAPS_ESKETAMINE or not _ketamine_first(asked, planned):
        return None
    if asked.tms_time is None or asked.ketamine_time is None:
        return None
    gap = _on_clock(asked.tms_time) - _on_clock(asked.ketamine_time)
    return planned.shared_days if gap < OBSERVATION else None


def _on_clock(at: time) -> datetime:
    return datetime.combine(date.min, at)


def _watcher_not_known(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if planned.ketamine and not asked.watcher else None


def _no_driver(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if planned.ketamine and asked.driver == "no" else None


def _driver_not_known(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if planned.ketamine and asked.driver in ("", "not_known") else None


def _no_driving(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if planned.ketamine else None


def _observation(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if planned.ketamine and asked.ketamine_route in PERHAPS_ESKETAMINE else None


def _taper(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if any(one.treatment == "taper" for one in planned.visits) else None


def _spacing(asked: PlanAsked, planned: Planned) -> Dates | None:
    return () if planned.has_both else None


FINDERS: Mapping[str, Callable[[PlanAsked, Planned], Dates | None]] = {
    "same-day": _same_day,
    "ketamine-first": _ketamine_first,
    "under-observation": _under_observation,
    "no-driver": _no_driver,
    "order-not-known": _order_not_known,
    "watcher-not-known": _watcher_not_known,
    "driver-not-known": _driver_not_known,
    "observation": _observation,
    "no-driving": _no_driving,
    "taper": _taper,
    "spacing": _spacing,
}
"""Rule id -> which days it speaks about."""
