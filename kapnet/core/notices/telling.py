"""Telling people what was done in their clinic: on their first page, and by mail.

What is told is an event of the audit log, and that somebody has seen it is another. So nothing is
told that the log does not hold, and the log says who knew of what, and since when. A notice stays
until its person says that they have seen it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Clinic, Membership, User

SEEN = "notice.seen"
SHOWN_FOR = timedelta(days=90)
MOST_SHOWN = 20


def _nobody(event: Event) -> Iterable[User]:
    return ()


def _nothing(event: Event) -> str:
    return ""


@dataclass(frozen=True)
class Telling:
    """How one kind of event is told. Nothing of a patient goes into a mail.

    Its functions are called in the scope and the time zone of the clinic of the event.

    roles: who gets a mail, and finds it on their first page; nobody where a page of another kind
    tells it. besides: who gets the mail, too. say: the event as the page says it; place: the name
    of the address that tells more, if any. tells_whom_it_is_about: False where it is no news to
    the person of the event.
    """

    subject: str
    mail: str
    roles: frozenset[str] = frozenset()
    say: Callable[[Event], str] = _nothing
    place: str = ""
    besides: Callable[[Event], Iterable[User]] = _nobody
    tells_whom_it_is_about: bool = True


@dataclass(frozen=True)
class Notice:
    """One event that somebody has not seen yet."""

    event_id: int
    at: datetime
    words: str
    address: str


_tellings: dict[str, Telling] = {}


def told(action: str, telling: Telling) -> None:
    """Let events of this kind be told from now on, when `tell` is called with one."""
    _tellings[action] = telling


def tell(event: Event, *, also_to: Sequence[str] = ()) -> None:
    """Tell an event that was just recorded, once it is stored. also_to: further addresses.

    The job is stored together with the event. After the commit would be too late: of one that
    nobody heard the end of, the event is there, and nobody would ever be told.
    """
    from kapnet.core.notices.tasks import mail_about

    if event.action not in _tellings:
        raise KeyError(event.action)
    mail_about.enqueue(event.pk, list(also_to))


# By mail


def mail_about_event(event_id: int, also_to: Collection[str]) -> None:
    """Send one mail to each. Raises what the mail server says, so that the job failed."""
    event = Event.objects.select_related("clinic").get(pk=event_id)
    with at_clinic(event.clinic) if event.clinic else nullcontext():
        mails = list(mails_about(event, also_to))
    get_connection().send_messages(mails)


def mails_about(event: Event, also_to: Collection[str] = ()) -> Iterator[EmailMessage]:
    """One for each address: nobody sees who else was told."""
    telling = _tellings[event.action]
    addresses = {*also_to, *(one.email for one in _people_to_mail(event, telling))}
    context = {
        "event": event,
        "address": settings.SITE_ADDRESS and settings.SITE_ADDRESS + reverse("home"),
        "product_name": settings.PRODUCT_NAME,
    }
    body = render_to_string(telling.mail, context)
    for address in sorted(addresses):
        yield EmailMessage(
            subject=f"{settings.PRODUCT_NAME}: {telling.subject}",
            body=body,
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )


def _people_to_mail(event: Event, telling: Telling) -> Iterator[User]:
    for person in (*_people_of(event, telling), *telling.besides(event)):
        is_news = telling.tells_whom_it_is_about or not _is_about(event, person)
        if person.is_active and is_news and person.pk != event.actor_id:
            yield person


def _people_of(event: Event, telling: Telling) -> Iterable[User]:
    if event.clinic_id is None:
        return ()
    return User.objects.filter(
        is_active=True,
        membership__is_active=True,
        membership__clinic=event.clinic_id,
        membership__role__in=telling.roles,
    )


def _is_about(event: Event, person: User) -> bool:
    return event.object_id == str(person.pk)


# On the first page


def notices_for(membership: Membership) -> list[Notice]:
    """What this person has not seen, the newest first."""
    person, since = membership.user, max(membership.created_at, timezone.now() - SHOWN_FOR)
    actions = [name for name, one in _tellings.items() if membership.role in one.roles]
    told = _TOLD.rows(
        of_clinic=membership.clinic_id, actions=actions, since=since, person=person.pk
    )
    waiting = [
        one
        for one in told
        if _tellings[one.action].tells_whom_it_is_about or not _is_about(one, person)
    ]
    seen = _seen_by(membership, since) if waiting else frozenset()
    unseen = [one for one in waiting if str(one.pk) not in seen]
    return [_notice(one) for one in unseen[:MOST_SHOWN]]


_TOLD = Compiled(
    lambda actions: (
        Event.objects.filter(
            clinic=Given("of_clinic", Clinic._meta.get_field("id")),
            action__in=actions,
            outcome=Outcome.DONE,
            at__gte=Given("since", Event._meta.get_field("at")),
        )
        .exclude(actor=Given("person", User._meta.get_field("id")))
        .select_related("actor")
        .order_by("-pk")
    ),
    actions=Event._meta.get_field("action"),
)


def _seen_by(membership: Membership, since: datetime) -> frozenset[str]:
    events = Event.objects.filter(
        clinic=membership.clinic_id, actor=membership.user_id, action=SEEN, at__gte=since
    )
    return frozenset(events.order_by().values_list("object_id", flat=True))


def _notice(event: Event) -> Notice:
    telling = _tellings[event.action]
    address = reverse(telling.place) if telling.place else ""
    return Notice(event.pk, event.at, telling.say(event), address)


@transaction.atomic
def mark_seen(*, membership: Membership, event_ids: Collection[str]) -> None:
    """Note that this person has seen these; others than their own notices are passed over."""
    for one in notices_for(membership):
        if str(one.event_id) in event_ids:
            record_event(
                action=SEEN,
                actor=membership.user,
                clinic=membership.clinic,
                object_type="event",
                object_id=one.event_id,
            )
