"""What the therapist of a case hears of a link: it was answered, or revoked by wrong tries.

A mail has no content and names no patient. A page of the case says the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from decisions.cases.due.people import people_to_tell
from decisions.form_links.models import FormLink
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import User

ANSWERED, TRIED = "form_link.completed", "form_link.tried_too_often"


def _therapists(event: Event) -> Iterable[User]:
    link = FormLink.objects.select_related("case").get(pk=event.object_id)
    return people_to_tell(link.case)


told(
    ANSWERED,
    Telling(
        subject="a patient’s form is finished",
        mail="form_links/answered_mail.txt",
        besides=_therapists,
    ),
)
told(
    TRIED,
    Telling(
        subject="a patient’s link was revoked",
        mail="form_links/tried_mail.txt",
        besides=_therapists,
    ),
)
