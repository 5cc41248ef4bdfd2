"""What the therapist of a case hears of a link: it was answered, or revoked by wrong tries.

A mail has no content and names no patient. A page of the case says the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from django_scopes import scopes_disabled

from decisions.cases.queries import therapists_of
from decisions.form_links.models import FormLink
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import User
from kapnet.core.people.queries import with_stand_ins

ANSWERED, TRIED = "form_link.completed", "form_link.tried_too_often"


def _therapists(event: Event) -> Iterable[User]:
    """The therapist with who stands in, or every therapist where that one has left."""
    with scopes_disabled():
        links = FormLink.objects.select_related("case__clinic")
        case = links.get(pk=event.object_id).case
    with at_clinic(case.clinic):
        here = therapists_of(case.clinic)
        own = here.filter(pk=case.therapist_id)
        return with_stand_ins(own if own.exists() else here)


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
