"""A link is made with the signature of a letter; by it a reply comes that nobody has confirmed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.desk.replies.models import Reply, ReplyLink
from decisions.desk.replies.queries import living_links
from decisions.desk.replies.telling import CAME
from decisions.letters.models import Letter
from decisions.letters.verification.codes import REPLY_LENGTH, read_code
from kapnet.core.audit.actions import record_event
from kapnet.core.notices.telling import tell
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import User
from kapnet.core.people.one_place import the_only
from kapnet.core.web.once import JUST_NOW
from kapnet.core.web.secret_pages import is_same, sha256_of


class NotTakenError(Exception):
    """A reply that no letter takes: we do not say why."""


def open_link(*, letter: Letter, **kwargs: Any) -> None:
    """Keep the hash of the code that a letter prints. A receiver of `letter_signed`."""
    printed = (letter.content or {}).get("reply_address", "")
    if not printed:
        return
    code = read_code(printed.rstrip("/").rpartition("/")[2], REPLY_LENGTH)
    if code is None:
        raise ValueError(f"{letter.number} prints a reply link without a code")
    ReplyLink.objects.create(
        letter=letter,
        clinic_id=letter.clinic_id,
        code_sha256=sha256_of(code),
        ends_at=timezone.now() + timedelta(days=settings.REPLY_LINK_DAYS),
    )


@dataclass(frozen=True)
class Said:
    """What somebody says who holds a letter. day: that they name."""

    kind: str
    day: date | None
    text: str
    name: str
    reach: str


def take_reply(*, code: str, said: Said, actor: User | None) -> None:
    """Keep a reply as it came. Sending the same once more, just now, changes nothing.

    code: without its hyphens. actor: only where somebody of ours is signed in. Raises NotTakenError
    for a code that is not known, has ended, or was used too often.
    """
    given = sha256_of(code)
    with scopes_disabled():
        found = living_links(timezone.now()).filter(code_sha256=given).select_related("clinic")
        link = the_only(found)
    if not is_same(given, link.code_sha256 if link else None) or link is None:
        raise NotTakenError
    with at_clinic(link.clinic), transaction.atomic():
        _keep(link, said, actor)


def _keep(link: ReplyLink, said: Said, actor: User | None) -> None:
    """Held, so that neither a double click nor two devices make more than the letter takes."""
    ReplyLink.objects.select_for_update().get(pk=link.pk)
    living = living_links(timezone.now()).filter(pk=link.pk).exists()
    earlier = list(Reply.objects.filter(link=link))
    if any(_is_same_press(one, said) for one in earlier):
        return
    if not living or len(earlier) >= settings.REPLIES_A_LETTER:
        raise NotTakenError
    Reply.objects.create(link=link, clinic=link.clinic, **asdict(said))
    letter = Letter.objects.only("pk", "year", "sequence", "case_id").get(pk=link.pk)
    came = record_event(
        action=CAME,
        actor=actor,
        clinic=link.clinic,
        object_type="letter",
        object_id=letter.pk,
        case_id=letter.case_id,
        reason=f"by the link of {letter.number}, not confirmed",
    )
    tell(came)


def _is_same_press(earlier: Reply, said: Said) -> bool:
    """Whether the button was pressed twice. Later the same words are news: the next report.

    So are those that the desk set aside, and asked for again.
    """
    is_new = earlier.sent_at > timezone.now() - JUST_NOW
    stands = is_new and earlier.state != Reply.State.SET_ASIDE
    return stands and all(getattr(earlier, name) == value for name, value in asdict(said).items())
