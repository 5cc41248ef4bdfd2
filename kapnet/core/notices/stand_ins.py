"""How somebody is told that they stand in for a colleague: by mail, and above the list of cases."""

from __future__ import annotations

from collections.abc import Iterable

from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import Membership, User

STAND_IN = "person.stand_in_made"


def _stand_in(event: Event) -> Iterable[User]:
    place = Membership.objects.select_related("stand_in").filter(user_id=event.object_id).first()
    return (place.stand_in,) if place and place.stand_in else ()


told(
    STAND_IN,
    Telling(
        subject="you stand in for a colleague",
        mail="clinics/mail_stand_in.txt",
        besides=_stand_in,
    ),
)
