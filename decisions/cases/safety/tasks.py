"""Every write to a safety task: opened and raised by a positive item 9, closed by a clinician."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from decisions.cases.case_columns import keep_urgency_of
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import Item9, OpenTask
from decisions.cases.models import Case, SafetyTask, Urgency
from decisions.cases.safety.mail import RAISED
from decisions.cases.safety.signals import safety_task_closed
from decisions.cases.safety.sources import Source
from decisions.cases.safety.unopened import is_news_to, is_told_already, watch
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import User

POSITIVE_ITEM9 = 1
"""PHQ-9 item 9 at this many points or more opens a safety task."""


class SafetyTaskClosedError(Exception):
    """No safety task is open on this case (any more)."""


class SafetyTaskRaisedError(Exception):
    """Item 9 was answered since the clinician looked who wants to close the task."""


@transaction.atomic
def raise_safety_task(
    *,
    case: Case,
    item9: Item9,
    actor: User | None,
    opens: bool = True,
    source: str = Source.CLINICIAN,
    reference: str = "",
) -> OpenTask | None:
    """The safety task that is open now: opened by a positive item 9, or raised by a higher one.

    An answer by a patient's link, or from another system, is told with one that is no higher, too:
    no clinician was in the room. actor: None for these. opens: False for a form that has had its
    task. It still raises one that is open. source and reference: where the answer came from, and
    by what.
    """
    if item9.points < POSITIVE_ITEM9:
        raise ValueError(f"item 9 is not positive: {item9.points}")
    _lock(case)
    task = SafetyTask.objects.filter(case=case, closed_at=None).first()
    if task is None and not opens:
        return None
    if task is None:
        task = _opened(case, item9, actor, source)
    elif item9.points > task.item9:
        _raise(task, item9, actor, source)
    elif actor is not None or not opens or is_told_already(task, RAISED):
        return open_task_in(task)
    elif item9.points == task.item9:
        _raise(task, item9, actor, source)
    Case.objects.filter(pk=case.pk).update(urgency=Urgency.OPEN_SAFETY_TASK)
    event = record_case_event(RAISED, case, actor, task.pk, reason=reference)
    if actor is None or actor.pk != case.therapist_id:
        tell(event)
    if actor is None:
        watch(task, since=event.at)
    return open_task_in(task)


def _lock(case: Case) -> None:
    """Two writes to the safety task of a case follow each other. Its answers stay free."""
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


def _opened(case: Case, item9: Item9, actor: User | None, source: str) -> SafetyTask:
    now = timezone.now()
    return SafetyTask.objects.create(
        case=case,
        first_item9=item9.points,
        first_item9_on=item9.day,
        item9=item9.points,
        item9_on=item9.day,
        opened_at=now,
        opened_by=actor,
        source=source,
        raised_at=now,
        raised_by=actor,
        raised_source=source,
    )


def _raise(task: SafetyTask, item9: Item9, actor: User | None, source: str) -> None:
    task.item9, task.item9_on = item9.points, item9.day
    task.raised_at, task.raised_by, task.raised_source = timezone.now(), actor, source
    task.save(update_fields=["item9", "item9_on", "raised_at", "raised_by", "raised_source"])


def open_task_in(task: SafetyTask) -> OpenTask:
    """What a stored task is about."""
    return OpenTask(
        first=Item9(task.first_item9, task.first_item9_on),
        highest=Item9(task.item9, task.item9_on),
    )


@transaction.atomic
def close_safety_task(
    *,
    case: Case,
    actor: User,
    assessment: str,
    agreed: str,
    item9: int,
    stated: Mapping[str, str] | None = None,
) -> None:
    """Close the open safety task with how risk was assessed and what was agreed.

    item9: the highest answer that the clinician saw. stated: method, safety plan and means safety,
    which letters print; asked once, and kept with the facts for letters. Raises
    SafetyTaskRaisedError when there is a higher answer by now, or one by the patient's link since
    they last opened the case, and SafetyTaskClosedError when no task is open.
    """
    _lock(case)
    task = SafetyTask.objects.filter(case=case, closed_at=None).first()
    if task is None:
        raise SafetyTaskClosedError
    if task.item9 > item9 or is_news_to(task, actor, RAISED):
        raise SafetyTaskRaisedError
    task.assessment, task.agreed = assessment, agreed
    task.closed_at, task.closed_by = timezone.now(), actor
    task.save(update_fields=["assessment", "agreed", "closed_at", "closed_by"])
    keep_urgency_of(case)
    safety_task_closed.send(SafetyTask, case=case, actor=actor, stated=dict(stated or {}))
    record_case_event("safety_task.closed", case, actor)
