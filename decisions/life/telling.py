"""Who takes a case over is told by mail, which names no patient; their list of cases says which."""

from __future__ import annotations

from collections.abc import Iterable

from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import User
from kapnet.core.people.queries import therapists_in, with_stand_ins

HANDED_OVER = "case.handed_over"


def _receiver(event: Event) -> Iterable[User]:
    """Who got the case, while they work in the clinic, and who stands in for them."""
    if event.clinic is None:
        return ()
    return with_stand_ins(therapists_in(event.clinic).filter(pk=event.object_id))


told(
    HANDED_OVER,
    Telling(
        subject="a case was handed over to you",
        mail="life/handed_over_mail.txt",
        besides=_receiver,
    ),
)
