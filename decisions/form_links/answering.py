"""What a patient does by a link: show who they are, answer page by page, send.

Nobody is signed in here. Each write is locked behind its case, as every other write to it, and
leaves an event without a person that names the link.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import Item9
from decisions.cases.models import Case, SafetyTask
from decisions.cases.safety.sources import Source
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.cases.safety.unopened import tell_of
from decisions.form_links.actions import revoke_link
from decisions.form_links.drafts import Draft, item9_in
from decisions.form_links.keeping import keep_answers, said_in
from decisions.form_links.models import WAITS, FormLink
from decisions.form_links.telling import ANSWERED, TRIED
from decisions.rules.loading import load_edition
from kapnet.core.notices.telling import tell
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.one_place import the_only
from kapnet.core.web.secret_pages import Held, is_same, sha256_of

State, Because = FormLink.State, FormLink.Because
MOST_TRIES = 5
HELD_FOR = timedelta(minutes=30)
"""Without a press, after which the date of birth is asked again."""


def link_for(token: str, born: str) -> FormLink | None:
    """The link of this secret, where this is the date of birth of its patient; else None.

    born: as 1984-03-27, empty where no day was entered. Each try is counted before anything is
    compared, so that many at once are no more than many after another.
    """
    with scopes_disabled():
        links = FormLink.objects.select_related("case__clinic")
        link = the_only(links.filter(token_sha256=sha256_of(token)))
        counted = _count_try(link) if born else False
        right = link.case.date_of_birth if link and link.waits and counted else None
        if is_same(born, right.isoformat() if right else None):
            return link
    if link is not None and counted:
        _end_after_too_many(link)
    return None


def _count_try(link: FormLink | None) -> bool:
    """Whether one more try was left. Where there is no link as much is done."""
    tried = FormLink.objects.filter(
        pk=link.pk if link else uuid4(), state__in=WAITS, wrong_tries__lt=MOST_TRIES
    )
    return bool(tried.update(wrong_tries=F("wrong_tries") + 1))


def _end_after_too_many(link: FormLink) -> None:
    with at_clinic(link.clinic), transaction.atomic():
        if not FormLink.objects.filter(pk=link.pk, wrong_tries__gte=MOST_TRIES).exists():
            return
        _locked(link)
        if revoke_link(link=link, actor=None, because=Because.TRIES):
            tell(record_case_event(TRIED, link.case, None, link.pk))  # nobody knows by whom


@transaction.atomic
def take_hold(link: FormLink, held_sha256: str) -> None:
    """The browser with this cookie goes on, and no other any more."""
    now = timezone.now()
    with at_clinic(link.clinic):
        link = _locked(link)
        if link.state not in WAITS:
            return
        FormLink.objects.filter(pk=link.pk).update(
            state=State.OPENED,
            opened_at=link.opened_at or now,
            wrong_tries=0,
            held_sha256=held_sha256,
            held_from=now,
            held_until=now + HELD_FOR,
        )
        record_case_event("form_link.opened", link.case, None, link.pk, reason=link.reference)


def held_link(held: Held | None) -> FormLink | None:
    """The link that this browser opened last; whether it may go on is another question."""
    link = once_held_link(held)
    return link if link and held and link.held_sha256 == held.sha256 else None


def once_held_link(held: Held | None) -> FormLink | None:
    """The link that this browser opened, although another goes on with it, or none does."""
    if held is None:
        return None
    try:
        key = UUID(held.key)
    except ValueError:
        return None
    with scopes_disabled():
        links = FormLink.objects.select_related("case__clinic")
        return links.filter(pk=key).first()


def may_go_on(link: FormLink) -> bool:
    """Whether its pages are shown to the browser that holds it."""
    return link.state in WAITS and link.held_until is not None and timezone.now() < link.held_until


class SavedPage(NamedTuple):
    """What became of a page. needs_help: item 9 was answered with 1 or more."""

    is_kept: bool
    needs_help: bool


@transaction.atomic
def save_page(
    link: FormLink, card: str, answers: dict[str, int], *, clears: bool, is_held: bool = True
) -> SavedPage:
    """Keep the answers of one page as a draft. is_held: by the browser that sends it.

    A positive item 9 is heard in any case: of a link that has ended meanwhile, or held too long,
    or that another browser goes on with.
    """
    with at_clinic(link.clinic):
        held_by, link = link.held_sha256, _locked(link)
        draft = Draft(link.draft)
        points = item9_in(card, answers)
        needs_help = points >= POSITIVE_ITEM9
        if needs_help:
            _hear(link, points, is_news=points != item9_in(card, draft.answers_to(card)))
        is_kept = is_held and link.state in WAITS and link.held_sha256 == held_by
        if is_kept:
            now = timezone.now()
            kept = {} if clears else answers
            said = said_in(card, kept, load_edition(link.edition))
            draft.keep(card, kept, at=now, clears=clears, said=said)
            held = FormLink.objects.filter(pk=link.pk)
            held.update(draft=draft.raw, held_until=_held_until(link, now))
        return SavedPage(is_kept, needs_help)


def _held_until(link: FormLink, now: datetime) -> datetime | None:
    """Going on keeps a browser's hold; one that was too long without a press stays over."""
    return now + HELD_FOR if may_go_on(link) else link.held_until


def _hear(link: FormLink, points: int, *, is_news: bool) -> None:
    """Open or raise the safety task. Who promised to read the answers may be gone by now."""
    raise_safety_task(
        case=link.case,
        item9=Item9(points, timezone.localdate()),
        actor=None,
        opens=is_news,
        source=Source.PATIENT_LINK,
        reference=link.reference,
    )
    if link.state == State.REVOKED and link.revoked_because == Because.HANDED_OVER:
        task = SafetyTask.objects.filter(case=link.case, closed_at=None).first()
        if task is not None:
            tell_of(task)


@transaction.atomic
def finish(link: FormLink) -> bool:
    """Store what was answered, and end the link. True, too, where that was done already."""
    with at_clinic(link.clinic):
        link = _locked(link)
        if link.state == State.COMPLETED:
            return True
        if not may_go_on(link):
            return False
        keep_answers(link, Draft(link.draft))
        FormLink.objects.filter(pk=link.pk).update(
            state=State.COMPLETED, completed_at=timezone.now(), draft={}
        )
        tell(record_case_event(ANSWERED, link.case, None, link.pk, reason=link.reference))
        return True


def _locked(link: FormLink) -> FormLink:
    """The link as it is now; other writes to its case wait. The case first, as everywhere."""
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=link.case_id)
    links = FormLink.objects.select_for_update(of=("self",)).select_related("case__clinic")
    return links.get(pk=link.pk)
