"""What is expected next of each letter on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Exists, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from decisions.cases.due.things import DueThing
from decisions.cases.models import Case
from decisions.desk.models import Delivery, ReplyLink, Status
from decisions.desk.replies.queries import waiting_replies
from decisions.letters.models import Letter
from kapnet.core.people.one_place import CountOf

EXPECTED: Mapping[str, str] = {
    Status.READY: "Send letter {number}",
    Status.EXPORTED: "Send letter {number}",
    Status.SENT: "Reply to letter {number}",
    Status.RECEIVED: "Reply to letter {number}",
    Status.ACCEPTED: "Appointment for letter {number}",
    Status.APPOINTMENT: "Appointment for letter {number}",
    Status.DECLINED: "What follows from the refusal of letter {number}",
}
"""Status -> what is expected next."""


def replies_due(cases: QuerySet[Case], until: date) -> Iterator[DueThing]:
    """What came by the link of a letter, until the desk has confirmed it or set it aside.

    Whatever the follow-up: nobody has read it for certain.
    """
    waiting = waiting_replies()
    oldest = waiting.order_by("sent_at").values("sent_at")[:1]
    links = (
        ReplyLink.objects.filter(Exists(waiting), letter__case__in=cases)
        .annotate(waiting=CountOf(waiting), since=Subquery(oldest))
        .select_related("letter__case__therapist")
        .defer("letter__pdf", "letter__content")
    )
    for link in links:
        letter, several = link.letter, link.waiting > 1
        yield DueThing(
            key=f"reply:{letter.pk}:{link.since:%Y-%m-%d}",
            case=letter.case,
            what=f"Confirm the {'replies' if several else 'reply'} to letter {letter.number}",
            due_on=timezone.localdate(link.since),
            url=reverse("letters:letter", args=[letter.case_id, letter.pk]),
            desk_url=reverse("desk:letter", args=[letter.pk]),
            outlives_follow_up=True,
        )


def letters_due(cases: QuerySet[Case], until: date) -> Iterator[DueThing]:
    """Of letters that no other has replaced, by the day that the desk has."""
    deliveries = (
        Delivery.objects.filter(letter__case__in=cases, due_on__lte=until, status__in=EXPECTED)
        .exclude(letter__corrections__status=Letter.Status.SIGNED)
        .select_related("letter__case__therapist")
        .defer("letter__pdf", "letter__content")
    )
    for one in deliveries:
        if one.due_on is None:
            continue
        letter = one.letter
        yield DueThing(
            key=f"letter:{letter.pk}:{one.status}:{one.due_on}",
            case=letter.case,
            what=EXPECTED[one.status].format(number=letter.number),
            due_on=one.due_on,
            url=reverse("letters:letter", args=[letter.case_id, letter.pk]),
            desk_url=reverse("desk:letter", args=[letter.pk]),
        )
