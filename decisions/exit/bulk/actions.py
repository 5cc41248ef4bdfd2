"""Beginning and ending a bulk export."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.exit.bulk.asking import Asked
from decisions.exit.bulk.models import BulkFile, BulkJob
from kapnet.core.clients.models import ApiClient
from kapnet.core.people.one_place import remove

NEVER_TAKEN_UP = timedelta(hours=24)


class OneRuns(Exception):
    """An export of this client is being made."""


def begin_job(*, client: ApiClient, asked: Asked, request: str, scopes: list[str]) -> BulkJob:
    """Let a worker make it; earlier ones of the client are gone. Raises OneRuns."""
    from decisions.exit.tasks import make_bulk

    try:
        with transaction.atomic():
            ended = BulkJob.objects.filter(client=client).exclude(state=BulkJob.State.RUNNING)
            remove_jobs(ended)
            job = BulkJob.objects.create(
                clinic=client.clinic,
                client=client,
                request=request,
                kinds=list(asked.kinds),
                scopes=scopes,
                since=asked.since,
            )
            make_bulk.enqueue(str(job.pk))
    except IntegrityError:
        raise OneRuns from None
    return job


@transaction.atomic
def remove_jobs(jobs: QuerySet[BulkJob]) -> None:
    """Their files first, which hang on them."""
    BulkFile.objects.filter(job__in=jobs).delete()
    remove(jobs)


def forget_old_jobs() -> None:
    """Keep no file longer than it is said to be kept, in any clinic."""
    old = timezone.now() - timedelta(hours=settings.DESK_EXPORTS_KEPT_HOURS)
    with scopes_disabled():
        remove_jobs(BulkJob.objects.filter(ready_at__lt=old))
        never = timezone.now() - NEVER_TAKEN_UP
        remove_jobs(BulkJob.objects.filter(ready_at=None, moved_at__lt=never))
