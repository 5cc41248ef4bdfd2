"""What nobody needs any more is removed, so that the database does not only grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

DONE_IS_KEPT, FAILED_IS_KEPT = timedelta(hours=1), timedelta(days=14)
_of_other_rooms: list[Callable[[], object]] = []


def prunes(act: Callable[[], object]) -> Callable[[], object]:
    """Let a room above remove what it keeps for a time only, whenever a worker prunes."""
    _of_other_rooms.append(act)
    return act


def prune() -> None:
    """Remove ended sessions with the forms kept in them, results of jobs, and counts of limits.

    And what other rooms keep for a time.
    """
    for act in _of_other_rooms:
        act()
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    jobs = DBTaskResult.objects.finished()
    jobs.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - DONE_IS_KEPT).delete()
    jobs.filter(finished_at__lt=now - FAILED_IS_KEPT).delete()
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
        moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [moment])  # noqa: S608 - a setting
