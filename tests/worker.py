"""What the background worker does, at once and on this connection."""

from __future__ import annotations

from django.core import mail
from django_tasks_db.models import DBTaskResult

from kapnet.core.background.worker import SteadyWorker


def worked() -> None:
    """Every job that waits is done, or has failed."""
    worker = SteadyWorker.for_all_jobs("tests", batch=True)
    while job := DBTaskResult.objects.ready().first():
        job.claim(worker.worker_id)
        worker.run_task(job)


def link_mailed_to(email: str) -> str:
    """The link in the newest mail to this address."""
    newest = next(one for one in reversed(mail.outbox) if one.to == [email])
    return next(word for word in str(newest.body).split() if word.startswith("http"))
