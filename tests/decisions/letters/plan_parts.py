"""The plan of days as a letter takes it."""

from __future__ import annotations

from decisions.documents.letter.material import PlanOfDays
from decisions.documents.plan.conflicts import findings_about
from decisions.documents.plan.in_words import compose_plan
from decisions.documents.plan.loading import load_plan_words
from decisions.documents.plan.schedule import PlanAsked, lay_out
from evidence.loading import load_dossier
from tests.decisions.plans.plan_factories import asked


def plan_of_days(plan: PlanAsked | None = None) -> PlanOfDays:
    """This plan, or the usual one."""
    chosen = plan or asked()
    words, planned = load_plan_words(), lay_out(chosen)
    findings = findings_about(asked=chosen, planned=planned, words=words, evidence=load_dossier())
    block = compose_plan(asked=chosen, planned=planned, findings=findings, words=words, ended={})
    return PlanOfDays(block=block, is_sequence=planned.is_sequence)
