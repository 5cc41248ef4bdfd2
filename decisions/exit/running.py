"""How a worker that makes an export notes how far it is, and learns that it has to stop."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from decisions.exit.bulk.models import BulkJob
from decisions.exit.models import Exit


class Stopped(Exception):
    """Somebody stopped it or took it back, or another worker took it up."""


def note_progress(one: Exit | BulkJob, by: UUID | None, **more: object) -> None:
    """Note how far it is. Raises Stopped where it is no longer this worker's."""
    mine = type(one)._default_manager.filter(pk=one.pk, state=type(one).State.RUNNING)
    if by is not None:
        mine = mine.filter(run=by)
    if not mine.update(moved_at=timezone.now(), **more):
        raise Stopped
