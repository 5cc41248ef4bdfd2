"""The jobs of the background: whether a worker is at work, and whether they wait for one."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

MISSED_AFTER = 60
"""Seconds after a worker's last sign of life when it is taken for dead."""

WAITS_LONG = timedelta(minutes=2)
ANY = "any"


def is_worker_away() -> bool:
    """Whether no worker gave a sign of life just now."""
    return not lives(ANY)


def do_jobs_wait() -> bool:
    """Whether a job waits that a worker should have taken up by now."""
    since = timezone.now() - WAITS_LONG
    at_once = Q(run_after=get_date_max(), enqueued_at__lt=since)
    return DBTaskResult.objects.ready().filter(at_once | Q(run_after__lt=since)).exists()


def note_beat(worker_id: str) -> None:
    """This worker is at work."""
    for one in (worker_id, ANY):
        cache.set(_key(one), value=True, timeout=MISSED_AFTER)


def lives(worker_id: str) -> bool:
    """Whether this worker gave a sign of life just now."""
    return cache.has_key(_key(worker_id))  # get() removes what is old: a change, in a page of reads


def _key(worker_id: str) -> str:
    return f"worker:{worker_id}"
