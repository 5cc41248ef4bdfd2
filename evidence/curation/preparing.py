"""What a release would change: counted by a worker, which says how far it is.

Nothing is locked meanwhile. A count that was stopped, failed or died with its worker is begun
again from the first case: what is signed is one list, counted in one go.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Q, QuerySet
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
BY_ITSELF = "The database did not answer. A worker tries again by itself."
FAILED = (
    "It failed, and nothing of this count is kept ({error}). The draft and its changes are kept. "
    "Start it again; if it fails again, contact your administrator."
)
STILL_AFTER = timedelta(minutes=2)
"""How long a worker takes at most from one sign of life to the next."""
SILENT_AFTER = timedelta(seconds=30)
"""After so long another worker that is given the same job takes it over."""
TOLD_EVERY_SECONDS = 1.0

PREPARING = ReleaseDraft.Status.PREPARING
Counting = ReleaseDraft.Counting


class NotWantedAnyMore(Exception):
    """The count was stopped, the draft dropped, or another worker took it over."""


class CountedElsewhere(OSError):
    """Another worker gave a sign of life just now; it may have been its last one."""


def work_out(draft_id: int) -> None:
    """Count what a draft would change: then it waits for a signature.

    A draft whose evidence has moved on is given up. Running it again changes nothing. Raises
    CountedElsewhere, after which the job is tried again later.
    """
    draft = _taken(draft_id)
    if draft is None:
        counted = {"status": PREPARING, "counting": Counting.RUNNING}
        if ReleaseDraft.objects.filter(pk=draft_id, **counted).exists():
            raise CountedElsewhere
        return
    try:
        after = _content(draft)
        impact = impact_of(current_evidence(), after, _Told(draft)).model_dump(mode="json")
        _content(draft)
        _finish(draft, impact)
    except NotWantedAnyMore:
        return
    except CurationRefused as refused:
        _own(draft).update(
            status=ReleaseDraft.Status.DROPPED, counting=Counting.STOPPED, problem=str(refused)
        )
    except (OperationalError, OSError):
        # The job is tried again later (kapnet.core.background.worker).
        with suppress(DatabaseError):
            _own(draft).update(counting=Counting.WAITING, problem=BY_ITSELF)
        raise
    except Exception as error:
        _fail(draft, type(error).__name__)
        raise


def _taken(draft_id: int) -> ReleaseDraft | None:
    """The draft, if it waits to be counted or whoever counted it is silent; it is ours then."""
    now, run = timezone.now(), uuid4().hex
    waits = Q(counting=Counting.WAITING)
    is_left = Q(counting=Counting.RUNNING, moved_at__lt=now - SILENT_AFTER)
    drafts = ReleaseDraft.objects.filter(waits | is_left, pk=draft_id, status=PREPARING)
    taken = drafts.update(
        counting=Counting.RUNNING,
        run=run,
        started_at=now,
        moved_at=now,
        looked_at=0,
        to_look_at=0,
        problem="",
    )
    return ReleaseDraft.objects.filter(pk=draft_id, run=run).first() if taken else None


def _own(draft: ReleaseDraft) -> QuerySet[ReleaseDraft]:
    """The draft while this run of it counts."""
    own = {"pk": draft.pk, "run": draft.run}
    return ReleaseDraft.objects.filter(**own, status=PREPARING, counting=Counting.RUNNING)


def _content(draft: ReleaseDraft) -> EvidenceBase:
    """What the release would hold, if it still is what was asked for. Raises CurationRefused."""
    base, after = base_and_content(draft.rolls_back_to)
    if after.sha256 != draft.sha256 or draft.base_id != (base.pk if base else None):
        raise CurationRefused(MOVED)
    return after


@transaction.atomic
def _finish(draft: ReleaseDraft, impact: object) -> None:
    if _own(draft).update(
        status=ReleaseDraft.Status.OPEN,
        counting=Counting.DONE,
        impact=impact,
        moved_at=timezone.now(),
    ):
        tell(record_draft_event("evidence_release.prepared", draft, draft.prepared_by))


@transaction.atomic
def _fail(draft: ReleaseDraft, error: str) -> None:
    problem = FAILED.format(error=error)
    if _own(draft).update(counting=Counting.FAILED, problem=problem, moved_at=timezone.now()):
        tell(record_draft_event("evidence_release.count_failed", draft, None, error))


class _Told:
    """Writes down how far the work is, about once a second."""

    def __init__(self, draft: ReleaseDraft) -> None:
        self.draft, self.last, self.has_told_all = draft, 0.0, False

    def __call__(self, looked_at: int, to_look_at: int) -> None:
        now = time.monotonic()
        # Once all are looked at it is told at once, since what follows takes a while. Cases that
        # were saved meanwhile come after all.
        is_all = looked_at >= to_look_at
        if now - self.last < TOLD_EVERY_SECONDS and (self.has_told_all or not is_all):
            return
        self.last, self.has_told_all = now, is_all
        own = _own(self.draft)
        if not own.update(looked_at=looked_at, to_look_at=to_look_at, moved_at=timezone.now()):
            raise NotWantedAnyMore


# What a person does


def stands_still(draft: ReleaseDraft) -> bool:
    """Whether a draft that is counted has not gone on for a while."""
    if not draft.is_being_counted or draft.moved_at is None:
        return False
    return timezone.now() - draft.moved_at > STILL_AFTER


@transaction.atomic
def start(*, draft: ReleaseDraft, by: User) -> bool:
    """Let a worker count again, from the first case; False where it is at work, or done."""
    now = timezone.now()
    ended = Q(counting__in=[Counting.STOPPED, Counting.FAILED])
    drafts = ReleaseDraft.objects.filter(
        ended | Q(moved_at__lt=now - STILL_AFTER), pk=draft.pk, status=PREPARING
    )
    started = drafts.update(
        counting=Counting.WAITING,
        run="",
        started_at=None,
        started_by=by,
        moved_at=now,
        looked_at=0,
        to_look_at=0,
        problem="",
    )
    if started:
        record_draft_event("evidence_release.resumed", draft, by)
        enqueue(draft)
    return bool(started)


@transaction.atomic
def stop(*, draft: ReleaseDraft, by: User) -> bool:
    """End the counting; the draft and its changes stay. False where nothing was counted."""
    at_work = [Counting.WAITING, Counting.RUNNING]
    drafts = ReleaseDraft.objects.filter(pk=draft.pk, status=PREPARING, counting__in=at_work)
    stopped = drafts.update(counting=Counting.STOPPED, run="", moved_at=timezone.now())
    if stopped:
        record_draft_event("evidence_release.stopped", draft, by)
    return bool(stopped)
