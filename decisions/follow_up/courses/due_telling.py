"""The forms of the follow-up as things that are due, and where it has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from decisions.cases.due.things import DueThing
from decisions.cases.models import Case
from decisions.follow_up.courses.due import settle_due_forms
from decisions.follow_up.courses.models import DueForm, FollowUpEnd


def forms_due(cases: QuerySet[Case], until: date) -> Iterator[DueThing]:
    """Those that are asked for and not filled in, from the first day of their window on."""
    forms = DueForm.objects.filter(
        course__case__in=cases, state=DueForm.State.OPEN, from_on__lte=until
    ).select_related("course__case__therapist")
    for form in forms:
        course = form.course
        day = (form.target_on - course.first_session_on).days if course.first_session_on else 0
        yield DueThing(
            key=f"form:{form.pk}",
            case=course.case,
            what=f"{form.get_instrument_display()}, day {day} of the course",
            due_on=form.target_on,
            from_on=form.from_on,
            to_on=form.to_on,
            url=reverse("follow_up:course", args=[course.case_id]),
        )


def followed_up_no_more() -> QuerySet[Case]:
    """The cases in scope whose patients nobody asks again.

    Who died is not asked in the episode before or after either. Who did not want to be asked in one
    may be asked in the next.
    """
    ends = FollowUpEnd.objects.filter(voided_at=None)
    died = ends.filter(kind=FollowUpEnd.Kind.DIED).values("case")
    cases: QuerySet[Case] = Case.objects.filter(
        Q(pk__in=ends.values("case")) | Q(copied_from__in=died) | Q(copies__in=died)
    )
    return cases


def settle_forms_past_their_window() -> None:
    """What was not filled in by the last day is missed."""
    past = DueForm.objects.filter(state=DueForm.State.OPEN, to_on__lt=timezone.localdate())
    for case in Case.objects.filter(pk__in=past.values("course__case")):
        settle_due_forms(case)
