"""Shared reads of patients' links."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from decisions.cases.due.people import THERAPIST_WORKS_HERE
from decisions.form_links.models import FormLink
from kapnet.core.audit.models import Event
from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.models import User
from kapnet.core.people.queries import looked_after_by

SHOWN_FOR = timedelta(days=90)


def unread_for(therapist: User | None) -> list[FormLink]:
    """Forms that patients sent and whose case nobody has opened since, what is due first.

    therapist: of whose cases, of those of whom they stand in for, and of cases whose therapist has
    left; None: of the whole clinic.
    """
    since = timezone.now() - SHOWN_FOR
    if therapist is None:
        return _UNREAD.rows(since=since)
    return _UNREAD_FOR.rows(since=since, therapists=looked_after_by(therapist))


def _unread() -> QuerySet[FormLink]:
    since = Given("since", FormLink._meta.get_field("completed_at"))
    opened = Event.objects.filter(
        clinic=OuterRef("clinic"),
        case_id=OuterRef("case_id"),
        action="case.read",
        at__gt=OuterRef("completed_at"),
    )
    found = FormLink.objects.filter(state=FormLink.State.COMPLETED, completed_at__gt=since)
    found = found.exclude(Exists(opened.exclude(actor=None))).select_related("case")
    return found.order_by("completed_at")


_UNREAD = Compiled(_unread)
_UNREAD_FOR = Compiled(
    lambda therapists: _unread().filter(
        Q(case__therapist__id__in=therapists) | ~THERAPIST_WORKS_HERE
    ),
    therapists=User._meta.get_field("id"),
)
