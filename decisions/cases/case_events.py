"""The audit event of a write to a case; the therapist is told of a colleague's, by mail.

The mail has no content, and there is one for each case and colleague within some hours: a colleague
who answers a section is not thirty mails.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from decisions.cases.models import Case
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, tell, told
from kapnet.core.people.models import User
from kapnet.core.people.queries import therapists_in, with_stand_ins

CHANGED = "case.changed_by_colleague"
QUIET_FOR = timedelta(hours=4)
TOLD_OTHERWISE = frozenset(
    {
        *("case.opened", "case.handed_over", "case.handover_seen"),
        "safety.raised",
    }
)
"""What is no news to the therapist, or has a notice and a mail of its own."""
CHANGES_NOTHING = "emergency."
"""Whoever opens a case in an emergency reads it; that is told in its own way."""


def record_case_event(
    action: str, case: Case, actor: User | None, object_id: object = "", reason: str = ""
) -> Event:
    """One event, and a mail where a colleague wrote.

    actor: None for the patient, by their link, which is told in its own way. object_id: of what
    was written, the case itself where it is left out.
    """
    event = _record(action, case, actor, object_id or case.pk, reason)
    is_told = action in TOLD_OTHERWISE or action.startswith(CHANGES_NOTHING)
    if actor is not None and actor.pk != case.therapist_id and not is_told:
        _tell_of_change(case, actor)
    return event


def _record(
    action: str, case: Case, actor: User | None, object_id: object, reason: str = ""
) -> Event:
    return record_event(
        action=action,
        actor=actor,
        clinic=case.clinic,
        object_type=action.partition(".")[0],
        object_id=object_id,
        case_id=case.pk,
        reason=reason,
    )


def _tell_of_change(case: Case, actor: User) -> None:
    """Tell the therapist, unless they were told of this colleague within some hours."""
    since = timezone.now() - QUIET_FOR
    told_before = Event.objects.filter(
        clinic=case.clinic_id, case_id=case.pk, action=CHANGED, actor=actor, at__gt=since
    )
    if not told_before.exists():
        tell(_record(CHANGED, case, actor, case.pk))


def _therapist(event: Event) -> Iterable[User]:
    """The therapist of the case, while they work in the clinic, and who stands in for them."""
    case = Case.objects.select_related("clinic").filter(pk=event.object_id).first()
    if case is None:
        return ()
    return with_stand_ins(therapists_in(case.clinic).filter(pk=case.therapist_id))


told(
    CHANGED,
    Telling(
        subject="a colleague changed one of your cases",
        mail="decisions/changed_mail.txt",
        besides=_therapist,
    ),
)
