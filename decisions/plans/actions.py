"""Every write to plans: keyword-only, atomic, with one audit event."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.documents.plan.entries import Entries, entries_of, gone_after
from decisions.documents.plan.schedule import PlanAsked, Visit, lay_out
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
    if stored is not None and not stored.is_withdrawn and stored.content == content:
        return
    if version is None:
        _create(case, actor, content)
    else:
        now = entries_of(lay_out(asked))
        _replace(stored, actor, version, now, content=content, is_withdrawn=False)
    record_case_event("plan.saved", case, actor)


@transaction.atomic
def withdraw_plan(*, case: Case, actor: User, version: int | None) -> None:
    """Take back the plan of a case: it has no days from now on, and what was asked for is kept.

    Withdrawn twice changes nothing. version: of the plan that the person saw. Raises
    PlanChangedError.
    """
    stored = StoredPlan.objects.filter(case=case).first()
    if stored is not None and stored.is_withdrawn:
        return
    _replace(stored, actor, version, {}, is_withdrawn=True)
    record_case_event("plan.withdrawn", case, actor)


def _create(case: Case, actor: User, content: object) -> None:
    try:
        with transaction.atomic():
            StoredPlan.objects.create(
                case=case, content=content, saved_at=timezone.now(), saved_by=actor
            )
    except IntegrityError as error:
        raise PlanChangedError from error


def _replace(
    stored: StoredPlan | None, actor: User, version: int | None, now: Entries, **fields: object
) -> None:
    """The next version of a stored plan. now: the entries that it has from now on."""
    if stored is None or stored.version != version:
        raise PlanChangedError
    gone = gone_after(gone=_gone(stored), before=_entries(stored), now=now)
    changed = StoredPlan.objects.filter(pk=stored.pk, version=version).update(
        **fields,
        gone={name: visit.model_dump(mode="json") for name, visit in gone.items()},
        version=version + 1,
        saved_at=timezone.now(),
        saved_by=actor,
    )
    if not changed:
        raise PlanChangedError


def _gone(stored: StoredPlan) -> Entries:
    return {name: Visit.model_validate(one) for name, one in (stored.gone or {}).items()}


def _entries(stored: StoredPlan) -> Entries:
    if stored.is_withdrawn:
        return {}
    return entries_of(lay_out(PlanAsked.model_validate(stored.content)))
