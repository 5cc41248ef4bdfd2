"""A patient's form that waits is due until its link runs out; by mail they are reminded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from decisions.cases.due.things import DueThing
from decisions.cases.models import Case
from decisions.form_links.models import WAITS, Contact, FormLink
from decisions.reminders.models import Reminder

REMINDED_AFTER = timedelta(days=3)
LEAST_LEFT = timedelta(days=1)
"""Nobody is reminded of a link that runs out the same day."""


def patients_forms_due(cases: QuerySet[Case], until: date) -> Iterator[DueThing]:
    """Forms that patients were asked to fill in by a link and have not sent."""
    links = FormLink.objects.filter(
        case__in=cases, state__in=WAITS, expires_at__gt=timezone.now()
    ).select_related("case__therapist")
    for link in links.defer("draft"):
        opened = "not finished" if link.state == FormLink.State.OPENED else "not opened"
        yield DueThing(
            key=f"link:{link.pk}",
            case=link.case,
            what=f"The patient’s own form, {opened}",
            due_on=timezone.localdate(link.expires_at),
            to_on=timezone.localdate(link.expires_at),
            url=reverse("form_links:links", args=[link.case_id]),
        )


def remind_patients() -> None:
    """Mail a link of the clinic in scope once more that was mailed and never opened.

    Only where the patient agreed to mail. It is the first mail over again, with a new secret: the
    clinician confirmed then that somebody reads the answers, and the link lives no longer by it.
    """
    from decisions.form_links.jobs import mail_link

    if not settings.FORM_MAILS:
        return
    for link in _never_opened():
        _, is_new = Reminder.objects.get_or_create(
            clinic_id=link.clinic_id, key=f"patient:{link.pk}", nth=1, defaults={"case": link.case}
        )
        if is_new:
            FormLink.objects.filter(pk=link.pk).update(mailed_at=None)
            mail_link.enqueue(str(link.pk))


def _never_opened() -> QuerySet[FormLink]:
    now = timezone.now()
    waiting: QuerySet[FormLink] = FormLink.objects.filter(
        state=FormLink.State.WAITING,
        sent_as=FormLink.SentAs.MAIL,
        mailed_at__lte=now - REMINDED_AFTER,
        expires_at__gt=now + LEAST_LEFT,
        case__closed_at=None,
        case__contact__may_mail=Contact.MayMail.YES,
    )
    return waiting.select_for_update(of=("self",)).select_related("case").defer("draft")
