"""An open safety task is due on the day on which it was raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from decisions.cases.due.things import DueThing
from decisions.cases.models import Case, SafetyTask


def safety_tasks_due(cases: QuerySet[Case], until: date) -> Iterator[DueThing]:
    """Whatever the follow-up: a task ends with an assessment alone."""
    tasks = SafetyTask.objects.filter(case__in=cases, closed_at=None)
    for task in tasks.select_related("case__therapist"):
        yield DueThing(
            key=f"safety:{task.pk}:{task.raised_at:%Y-%m-%d}",
            case=task.case,
            what="Act first: a safety task is open",
            due_on=timezone.localdate(task.raised_at),
            url=reverse("cases:safety", args=[task.case_id]),
            outlives_follow_up=True,
        )
