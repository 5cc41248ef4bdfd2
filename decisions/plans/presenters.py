"""A plan as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from decisions.documents.plan.conflicts import PlanFinding
from decisions.documents.plan.in_words import arrangements, name_of, say_rows, say_rule, say_time
from decisions.plans.calendar_file import summary_of
from decisions.plans.drawing import Month, draw_months
from decisions.plans.queries import LaidOut
from evidence.domain.entries import Source
from evidence.ending import Endings


@dataclass(frozen=True)
class FindingRow:
    """One sentence about a plan, the rule that says the same, and its sources."""

    kind: str
    says: str
    rule: str
    sources: tuple[Source, ...]
    ended: str
    """That the last day of one of them is past, in words; mostly blank."""


@dataclass(frozen=True)
class VisitRow:
    """One visit in the table."""

    day: str
    session: str
    treatment: str
    time: str
    is_shared: bool


@dataclass(frozen=True)
class PlanPage:
    """Everything above the form."""

    custom: str
    picture_words: str
    summary: tuple[str, ...]
    arrangements: tuple[str, ...]
    conflicts: tuple[FindingRow, ...]
    open: tuple[FindingRow, ...]
    notes: tuple[FindingRow, ...]
    months: tuple[Month, ...]
    visits: tuple[VisitRow, ...]


def present_plan(plan: LaidOut) -> PlanPage:
    """The plan in words, as a picture and as a table."""
    return PlanPage(
        custom=plan.words.custom,
        picture_words=plan.words.words["picture"],
        summary=say_rows(plan.asked, plan.planned, plan.words),
        arrangements=arrangements(plan.asked, plan.planned, plan.words),
        conflicts=_rows(plan, "conflict"),
        open=_rows(plan, "open"),
        notes=_rows(plan, "note"),
        months=draw_months(plan.asked, plan.planned),
        visits=_visits(plan),
    )


def _rows(plan: LaidOut, kind: str) -> tuple[FindingRow, ...]:
    return tuple(_row(plan, one) for one in plan.findings if one.rule.kind == kind)


def _row(plan: LaidOut, finding: PlanFinding) -> FindingRow:
    endings = Endings(plan.evidence, timezone.localdate())
    return FindingRow(
        kind=finding.rule.kind,
        says=say_rule(finding, plan.words),
        rule=finding.rule.rule,
        sources=finding.sources,
        ended=endings.beside(one.key for one in finding.sources),
    )


def _visits(plan: LaidOut) -> tuple[VisitRow, ...]:
    shared = set(plan.planned.shared_days)
    return tuple(
        VisitRow(
            day=f"{one.day:%a} {one.day.day} {one.day:%b %Y}",
            session=summary_of(one, plan.words.words),
            treatment=name_of(plan.asked, one, plan.words),
            time=say_time(one.at, plan.words),
            is_shared=one.day in shared,
        )
        for one in plan.planned.visits
    )
