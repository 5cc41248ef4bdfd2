"""What a release would change: worked out by a worker, which says how far it is."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from evidence.curation.actions import CurationRefused
from evidence.curation.models import ReleaseDraft
from evidence.curation.releasing import base_and_content, enqueue, record_draft_event
from evidence.domain.entries import EvidenceBase
from evidence.hooks import impact_of
from evidence.queries import current_evidence
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import User

MOVED = "The evidence has changed since. Prepare the release again."
STILL_AFTER = timedelta(minutes=2)
"""How long a worker takes at most from one sign of life to the next."""
TOLD_EVERY_SECONDS = 1.0

PREPARING = ReleaseDraft.Status.PREPARING


class NotWantedAnyMore(Exception):
    """The draft was dropped while its impact was worked out."""


def work_out(draft_id: int) -> None:
    """Work out what a draft would change: then it waits for a signature. Nothing is locked.

    A draft whose evidence has moved on is given up. Running it again changes nothing.
    """
    draft = ReleaseDraft.objects.filter(pk=draft_id, status=PREPARING).first()
    if draft is None:
        return
    try:
        after = _content(draft)
        impact = impact_of(current_evidence(), after, _Told(draft)).model_dump(mode="json")
        _finish(draft, impact)
    except CurationRefused as refused:
        ReleaseDraft.objects.filter(pk=draft_id, status=PREPARING).update(
            status=ReleaseDraft.Status.DROPPED, problem=str(refused)
        )
    except NotWantedAnyMore:
        return


def _content(draft: ReleaseDraft) -> EvidenceBase:
    """What the release would hold, if it still is what was asked for. Raises CurationRefused."""
    base, after = base_and_content(draft.rolls_back_to)
    if after.sha256 != draft.sha256 or draft.base_id != (base.pk if base else None):
        raise CurationRefused(MOVED)
    return after


@transaction.atomic
def _finish(draft: ReleaseDraft, impact: object) -> None:
    _content(draft)
    waiting = ReleaseDraft.objects.filter(pk=draft.pk, status=PREPARING)
    if waiting.update(status=ReleaseDraft.Status.OPEN, impact=impact, moved_at=timezone.now()):
        tell(record_draft_event("evidence_release.prepared", draft, draft.prepared_by))


class _Told:
    """Writes down how far the work is, about once a second."""

    def __init__(self, draft: ReleaseDraft) -> None:
        self.draft, self.last = draft, 0.0

    def __call__(self, looked_at: int, to_look_at: int) -> None:
        now = time.monotonic()
        if now - self.last < TOLD_EVERY_SECONDS and looked_at < to_look_at:
            return
        self.last = now
        waiting = ReleaseDraft.objects.filter(pk=self.draft.pk, status=PREPARING)
        if not waiting.update(looked_at=looked_at, to_look_at=to_look_at, moved_at=timezone.now()):
            raise NotWantedAnyMore


def stands_still(draft: ReleaseDraft) -> bool:
    """Whether a draft that is worked on has not gone on for a while."""
    if draft.status != PREPARING or draft.moved_at is None:
        return False
    return timezone.now() - draft.moved_at > STILL_AFTER


@transaction.atomic
def go_on(*, draft: ReleaseDraft, by: User) -> None:
    """Let a worker take up a draft that stands still."""
    record_draft_event("evidence_release.resumed", draft, by)
    ReleaseDraft.objects.filter(pk=draft.pk, status=PREPARING).update(moved_at=timezone.now())
    enqueue(draft)
