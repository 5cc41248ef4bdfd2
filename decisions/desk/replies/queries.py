"""Every shared read of replies by link."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from decisions.desk.replies.models import Reply, ReplyLink
from decisions.letters.models import Letter
from decisions.letters.queries import OF_LETTER
from kapnet.core.compiled import Compiled

WAITING = Q(state=Reply.State.WAITING)


def living_links(now: datetime) -> QuerySet[ReplyLink]:
    """The links that still take an answer: not ended, of letters that stand.

    A letter that was corrected, or whose consent was revoked, takes none.
    """
    revoked = Q(letter__authorization__revoked_at__isnull=False) | Q(
        letter__part2_consent__revoked_at__isnull=False
    )
    correction = Letter.objects.filter(replaces=OuterRef("letter"), status=Letter.Status.SIGNED)
    living: QuerySet[ReplyLink] = ReplyLink.objects.filter(ends_at__gt=now)
    return living.exclude(revoked).exclude(Exists(correction))


def replies_to(letter: Letter) -> list[Reply]:
    """What came by the link of a letter, the newest first."""
    return _REPLIES.rows(letter=letter.pk)


_REPLIES = Compiled(lambda: Reply.objects.filter(link=OF_LETTER).select_related("settled_by"))


def waits_for_desk() -> Exists:
    """Of a letter: whether a reply by link waits for the desk."""
    return Exists(waiting_replies())


def waiting_replies() -> QuerySet[Reply]:
    """Of the outer letter, or its link: the replies that wait for the desk."""
    found: QuerySet[Reply] = Reply.objects.filter(WAITING, link=OuterRef("pk"))
    return found


def count_waiting() -> int:
    """How many replies in scope wait for the desk."""
    return int(Reply.objects.filter(WAITING).count())
