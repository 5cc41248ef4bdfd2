"""What the background worker does, at once and on this connection."""

from __future__ import annotations

from django.core import mail
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def worked() -> None:
    """Every job that waits is done, or has failed."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    while job := DBTaskResult.objects.ready().first():
        job.claim(worker.worker_id)
        worker.run_task(job)


def link_mailed_to(email: str) -> str:
    """The link in the newest mail to this address."""
    newest = next(one for one in reversed(mail.outbox) if one.to == [email])
    return next(word for word in str(newest.body).split() if word.startswith("http"))
