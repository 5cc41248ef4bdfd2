"""How a reply by link is told: by mail to the staff of the clinic and to who signed, without what
it says. The list of letters says it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import User
from kapnet.core.people.queries import with_stand_ins

CAME = "letter.reply_came"


def _people(event: Event) -> Iterator[User]:
    from decisions.desk.queries import desk_people  # much, for a process that tells nobody

    if event.clinic is None:
        return
    yield from desk_people(event.clinic)
    yield from _signer(event)


def _signer(event: Event) -> Iterable[User]:
    """Who signed, while they work in the clinic, and who stands in for them."""
    letters = Letter.objects.select_related("signed_by__membership").defer("pdf", "content")
    letter = letters.filter(pk=event.object_id).first()
    signer = letter.signed_by if letter else None
    place = getattr(signer, "membership", None)
    works_here = place and place.is_active and place.clinic_id == event.clinic_id
    return with_stand_ins([signer]) if signer and works_here else ()


told(
    CAME,
    Telling(subject="a reply to a letter came", mail="desk/mail_reply.txt", besides=_people),
)
