"""Every write to links and contacts by people who work here: atomic, each with one audit event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.contradictions import age_on
from decisions.cases.models import Case
from decisions.follow_up.models import FollowUpEnd
from decisions.form_links.models import WAITS, Contact, FormLink
from kapnet.core.people.models import User
from kapnet.core.web.secret_pages import new_secret

Because, State = FormLink.Because, FormLink.State


class NoLinkError(Exception):
    """A link cannot be made for this case now; `why` says what to do, in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Made(NamedTuple):
    """A new link, and its secret, which nobody can read afterwards."""

    link: FormLink
    secret: str


def why_no_link(case: Case) -> str:
    """Why this case gets no link now; empty where it does."""
    born = case.date_of_birth
    if case.closed_at is not None:
        return "The case is closed. Reopen it first."
    end = FollowUpEnd.objects.filter(case=case, voided_at=None).first()
    if end is not None:
        return (
            f"The follow-up has ended: {end.get_kind_display()}. Where that was a mistake, or the "
            "patient is back, take it up again on the course of the case first."
        )
    if born is None:
        return (
            "The case has no date of birth, by which the patient shows who they are. Add it to the "
            "patient’s details first."
        )
    if age_on(born, timezone.localdate()) < settings.FORM_LEAST_AGE:
        return (
            f"The patient is younger than {settings.FORM_LEAST_AGE}. Fill in the forms together, "
            "in the case."
        )
    return ""


@transaction.atomic
def make_link(
    *, case: Case, actor: User, cards: Sequence[str], read_within_days: int, sent_as: str
) -> Made:
    """A link for one case. Raises NoLinkError, and CaseClosedError.

    read_within_days: until when somebody reads the answers, which the clinician confirmed.
    """
    case = lock_open_case(case)
    if why := why_no_link(case) or _why_not_sent(case, sent_as):
        raise NoLinkError(why)
    _let_run_out(case)
    if FormLink.objects.filter(case=case, state__in=WAITS).exists():
        raise NoLinkError("A link of this patient waits already. Revoke it first.")
    secret, now = new_secret(), timezone.now()
    link = FormLink.objects.create(
        clinic=case.clinic,
        case=case,
        edition=case.edition,
        cards=list(cards),
        read_within_days=read_within_days,
        token_sha256=secret.sha256,
        sent_as=sent_as,
        made_at=now,
        made_by=actor,
        expires_at=now + timedelta(days=settings.FORM_LINK_DAYS),
    )
    record_case_event("form_link.made", case, actor, link.pk, reason=sent_as)
    if sent_as == FormLink.SentAs.MAIL:
        from decisions.form_links.jobs import mail_link

        mail_link.enqueue(str(link.pk))
    return Made(link, secret.text)


def _why_not_sent(case: Case, sent_as: str) -> str:
    if sent_as != FormLink.SentAs.MAIL:
        return ""
    if not settings.FORM_MAILS:
        return "This installation sends no mail to patients. Print the link, or pass it on."
    contact = Contact.objects.filter(case=case).first()
    if contact is None or contact.may_mail != Contact.MayMail.YES:
        return "The patient did not agree to mail. Note it below first, or print the link."
    return ""


def _let_run_out(case: Case) -> None:
    """A link past its days makes room for a new one."""
    _end(FormLink.objects.filter(case=case, expires_at__lte=timezone.now()))


def let_run_out() -> None:
    """Of every clinic: links past their days, that nobody is just answering."""
    now = timezone.now()
    with scopes_disabled():
        past = FormLink.objects.filter(expires_at__lte=now)
        _end(past.exclude(held_until__gt=now))


def _end(past: QuerySet[FormLink]) -> None:
    """What was begun on them is gone."""
    past.filter(state__in=WAITS).update(state=State.EXPIRED, draft={}, held_sha256="")


@transaction.atomic
def revoke_link(*, link: FormLink, actor: User | None, because: str) -> bool:
    """It opens no more, and what was begun on it is gone. False where it had ended already.

    actor: None where the patient's link revokes itself, by too many wrong tries.
    """
    standing = FormLink.objects.select_for_update(of=("self",)).filter(pk=link.pk, state__in=WAITS)
    if not standing.exists():
        return False
    standing.update(
        state=State.REVOKED,
        revoked_at=timezone.now(),
        revoked_by=actor,
        revoked_because=because,
        draft={},
    )
    record_case_event("form_link.revoked", link.case, actor, link.pk, reason=because)
    return True


def revoke_links_of(case: Case, *, actor: User, because: str) -> None:
    """Whatever of this case waits."""
    for link in FormLink.objects.filter(case=case, state__in=WAITS).select_related("case__clinic"):
        revoke_link(link=link, actor=actor, because=because)


@transaction.atomic
def save_contact(*, case: Case, actor: User, email: str, may_mail: str) -> None:
    """Where a patient can be mailed, and whether they agreed. Raises CaseClosedError."""
    case = lock_open_case(case)
    Contact.objects.update_or_create(
        case=case,
        defaults={
            "clinic": case.clinic,
            "email": email,
            "may_mail": may_mail,
            "told_at": timezone.now(),
            "told_by": actor,
        },
    )
    record_case_event("form_link.contact_saved", case, actor)
