"""Plans for tests."""

from __future__ import annotations

from typing import Any

from decisions.cases.models import Case
from decisions.documents.plan.schedule import PlanAsked
from decisions.plans.actions import save_plan
from decisions.plans.queries import LaidOut, plan_of
from decisions.rules.loading import CURRENT_EDITION
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of

USUAL: dict[str, Any] = {
    "tms_first_day": "2026-11-30",
    "tms_weekdays": (0, 1, 2, 3, 4),
    "tms_sessions": 20,
    "tms_time": "09:30",
    "taper": (3, 2, 1),
    "ketamine_first_day": "2026-12-02",
    "ketamine_weekdays": (2,),
    "ketamine_sessions": 4,
    "ketamine_route": "esketamine",
    "ketamine_time": "13:00",
    "watcher": "Nurse B. Muster",
    "driver": "yes",
    "closed_days": ("2026-12-24", "2026-12-25", "2027-01-01"),
}
"""Four weeks of TMS and weekly esketamine, over the holidays."""


def asked(**changes: Any) -> PlanAsked:
    """The usual plan with these parts changed."""
    return PlanAsked.model_validate({**USUAL, **changes})


def store(case: Case, actor: User, *, version: int | None = None, **changes: Any) -> LaidOut:
    """A stored plan of this case."""
    with clinic_of(actor):
        save_plan(case=case, actor=actor, asked=asked(**changes), version=version)
        stored = plan_of(case)
    assert stored is not None
    return LaidOut(stored, CURRENT_EDITION, load_dossier())
