"""Whom curation tells: by mail, which says nothing of the content, and by a number in the menu.

What reads the evidence is imported when somebody is told: most processes tell nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from evidence.curation.models import Change, ReleaseDraft, State
from kapnet.core.accounts.context import count_at
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import User

REVIEW_ASKED_FOR = "evidence_change.in_review"
SENT_BACK = "evidence_change.draft"
RELEASE_PREPARED = "evidence_release.prepared"
COUNT_FAILED = "evidence_release.count_failed"
MAIL = "evidence/curation/mail.txt"


def _reviewers(event: Event) -> Iterable[User]:
    """Who may approve it; nobody where it is not in review any more."""
    from evidence.curation.waiting import reviewers_of

    change = Change.objects.filter(pk=event.object_id, state=State.IN_REVIEW).first()
    return reviewers_of(change) if change else ()


def _authors(event: Event) -> Iterable[User]:
    """Who wrote it; nobody where it was written or moved on since."""
    from evidence.curation.queries import authors_of
    from evidence.curation.waiting import evidence_admins, with_last_steps

    change = Change.objects.filter(pk=event.object_id, state=State.DRAFT).first()
    if change is None or not with_last_steps([change])[0].is_sent_back:
        return ()
    return evidence_admins().filter(pk__in=authors_of(change))


def _signers(event: Event) -> Iterable[User]:
    """Who may sign it; nobody where it does not wait any more."""
    from evidence.curation.waiting import evidence_admins

    waiting = ReleaseDraft.objects.filter(status=ReleaseDraft.Status.OPEN, pk=event.object_id)
    draft = waiting.first()
    return evidence_admins().exclude(pk=draft.prepared_by_id) if draft else ()


def _starter(event: Event) -> Iterable[User]:
    """Who let it be counted; nobody where it was started again or dropped since."""
    from evidence.curation.waiting import evidence_admins

    failed = ReleaseDraft.objects.filter(
        status=ReleaseDraft.Status.PREPARING, counting=ReleaseDraft.Counting.FAILED
    )
    draft = failed.filter(pk=event.object_id).first()
    return evidence_admins().filter(pk__in=[draft.started_by_id]) if draft else ()


def _count(request: HttpRequest) -> int:
    from evidence.curation.waiting import count_waiting

    return count_waiting(request.user) if isinstance(request.user, User) else 0


told(
    REVIEW_ASKED_FOR,
    Telling(subject="a change of the evidence waits for a review", mail=MAIL, besides=_reviewers),
)
told(
    SENT_BACK,
    Telling(subject="your change of the evidence was sent back", mail=MAIL, besides=_authors),
)
told(
    RELEASE_PREPARED,
    Telling(subject="a release of the evidence waits for a signature", mail=MAIL, besides=_signers),
)
told(
    COUNT_FAILED,
    Telling(
        subject="what a release would change could not be counted", mail=MAIL, besides=_starter
    ),
)
count_at("curation:home", _count)
