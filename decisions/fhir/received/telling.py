"""What the therapist of a case hears: that another system sent answers. A mail has no content."""

from __future__ import annotations

from collections.abc import Iterable

from decisions.cases.due.people import people_to_tell
from decisions.fhir.received.models import Received
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import User

CAME_IN = "received.came_in"


def _therapists(event: Event) -> Iterable[User]:
    received = Received.objects.select_related("case").filter(pk=event.object_id).first()
    return () if received is None else people_to_tell(received.case)


told(
    CAME_IN,
    Telling(
        subject="another system sent answers",
        mail="received/came_in_mail.txt",
        besides=_therapists,
    ),
)
