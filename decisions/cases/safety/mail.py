"""How a safety task that a colleague opened or raised is told: by mail, which names no patient.

Its therapist also finds it above the list of cases.
"""

from __future__ import annotations

from collections.abc import Iterable

from decisions.cases.due.people import people_to_tell
from decisions.cases.models import SafetyTask
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import User

RAISED = "safety.raised"


def _therapists(event: Event) -> Iterable[User]:
    """Whom it concerns; nobody where the task is closed by now."""
    task = SafetyTask.objects.select_related("case__clinic").get(pk=event.object_id)
    return people_to_tell(task.case) if task.closed_at is None else ()


told(
    RAISED,
    Telling(
        subject="act first, a safety task is open",
        mail="decisions/safety_mail.txt",
        besides=_therapists,
    ),
)
