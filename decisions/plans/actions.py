"""Every write to plans: keyword-only, atomic, with one audit event."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.documents.plan.schedule import PlanAsked
from decisions.plans.models import StoredPlan
from kapnet.core.people.models import User


class PlanChangedError(Exception):
    """Somebody else saved another plan since the page was opened."""


@transaction.atomic
def save_plan(*, case: Case, actor: User, asked: PlanAsked, version: int | None) -> None:
    """Store the plan of a case. version: of the plan that the person saw, None where none was.

    The same plan saved twice changes nothing. Raises PlanChangedError.
    """
    content = asked.model_dump(mode="json")
    stored = StoredPlan.objects.filter(case=case).first()
    if stored is not None and stored.content == content:
        return
    fields = {"content": content, "saved_at": timezone.now(), "saved_by": actor}
    if version is None:
        _create(case, fields)
    elif not StoredPlan.objects.filter(case=case, version=version).update(
        **fields, version=F("version") + 1
    ):
        raise PlanChangedError
    record_case_event("plan.saved", case, actor)


def _create(case: Case, fields: dict[str, object]) -> None:
    try:
        with transaction.atomic():
            StoredPlan.objects.create(case=case, **fields)
    except IntegrityError as error:
        raise PlanChangedError from error
