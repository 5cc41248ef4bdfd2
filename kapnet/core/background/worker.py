"""A worker that outlasts what passes, and leaves no job behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any, Self

import structlog
from django.db import DatabaseError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from kapnet.core.background.jobs import lives, note_beat
from kapnet.core.background.pruning import prune

SECONDS_BETWEEN = 1.0
"""How long a worker without a job waits before it looks again."""

BEATS_EVERY, TAKES_UP_EVERY, PRUNES_EVERY = 15, 60, 60 * 60
PAUSE = 2
"""Seconds before a database is asked again that did not answer."""

AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long a job that failed for what passes waits before each further try."""

PASSES = (OperationalError, OSError)
"""The database is locked or away, or the mail server is."""

log = structlog.get_logger()
Job = DBTaskResult[Any, Any]


@contextmanager
def beating(worker_id: str) -> Iterator[None]:
    """Give signs of life meanwhile, from a thread of its own, and prune now and then."""
    ended = Event()
    thread = Thread(target=_beat, args=(worker_id, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=PAUSE)


def _beat(worker_id: str, ended: Event) -> None:
    pruned_at = taken_up_at = float("-inf")
    while not ended.is_set():
        try:
            note_beat(worker_id)
            if monotonic() - taken_up_at >= TAKES_UP_EVERY:
                take_up_abandoned_jobs()
                taken_up_at = monotonic()
            if monotonic() - pruned_at >= PRUNES_EVERY:
                prune()
                pruned_at = monotonic()
        except DatabaseError as error:
            log.warning("worker_beat_missed", error=type(error).__name__)
        close_old_connections()
        ended.wait(BEATS_EVERY)
    connection.close()


class SteadyWorker(Worker):
    """A worker that outlasts a database that is locked or away, and tries jobs again."""

    @classmethod
    def for_all_jobs(cls, worker_id: str, *, batch: bool) -> Self:
        """A worker for every queue. batch: it ends once no job is left."""
        return cls(
            queue_names=["*"],
            interval=SECONDS_BETWEEN,
            batch=batch,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Work until the end. Raises nothing that passes."""
        while True:
            try:
                # The database may have gone away during a job: how that ended was not kept.
                take_up_abandoned_jobs(left_by=self.worker_id)
                return super().run()
            except OperationalError as error:
                log.warning("worker_waits_for_the_database", error=type(error).__name__)
                connection.close()
                Event().wait(PAUSE)

    def run_task(self, db_task_result: Job) -> None:
        """Run a job; one that failed for what passes is tried again later."""
        super().run_task(db_task_result)
        put_back(db_task_result)


def put_back(job: Job) -> None:
    """Let a job that failed for what passes wait for its next try, if it has one left."""
    tries = len(job.worker_ids)
    if job.status != TaskResultStatus.FAILED or tries > len(AGAIN_AFTER):
        return
    if _passes(job.exception_class_path):
        _let_wait(job, AGAIN_AFTER[tries - 1])


def _passes(path: str) -> bool:
    try:
        return issubclass(import_string(path), PASSES)
    except ImportError:  # a class within a class, as a row that does not exist
        return False


def take_up_abandoned_jobs(left_by: str | None = None) -> None:
    """Let jobs go on whose worker died over them; one over which all died is left as failed.

    left_by: a worker that lives, and is at no job right now.
    """
    for job in DBTaskResult.objects.running():
        last = job.worker_ids[-1]
        if last != left_by and lives(last):
            continue
        if len(job.worker_ids) > len(AGAIN_AFTER):
            job.set_failed(RuntimeError())
        else:
            _let_wait(job)


def _let_wait(job: Job, pause: timedelta = timedelta()) -> None:
    """Several workers look at once: a job that one of them has taken up since stays with it."""
    as_seen = {"status": job.status, "worker_ids": job.worker_ids}
    DBTaskResult.objects.filter(pk=job.pk, **as_seen).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + pause, finished_at=None
    )
