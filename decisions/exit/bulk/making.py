"""What the worker does for a bulk export: resources of all cases, into files by type."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.exit.bulk.models import BulkFile, BulkJob
from decisions.exit.everything import records_of
from decisions.exit.moments import one_moment
from decisions.exit.rows import written
from decisions.exit.running import Stopped, note_progress
from decisions.fhir.names import Resource
from decisions.fhir.records.gate import Reader
from kapnet.core.audit.actions import record_event
from kapnet.core.background.worker import PASSES
from kapnet.core.clients.scopes import EVERYTHING, allows
from kapnet.core.people.at_clinic import at_clinic

FILE_BYTES = 2 * 1024 * 1024
CASES_AT_ONCE = 25
SEES_REASONING = "system/Decision.r"


def run_job(job_id: UUID) -> None:
    """Make the files. What was begun earlier is thrown away and made again."""
    with scopes_disabled():
        job = BulkJob.objects.select_related("clinic", "client").filter(pk=job_id).first()
    if job is None or job.state != BulkJob.State.RUNNING:
        return
    with at_clinic(job.clinic):
        try:
            _make(job)
        except Stopped:
            return
        except PASSES:  # the worker tries again
            raise
        except Exception:
            _end(job, BulkJob.State.FAILED)
            raise


def _make(job: BulkJob) -> None:
    files = Files(job, uuid4())
    cases = list(Case.objects.order_by("number").values_list("pk", flat=True))
    note_progress(job, None, run=files.run, done=0, total=len(cases))
    BulkFile.objects.filter(job=job).exclude(run=files.run).delete()
    reader = Reader(job.client.name, sees_reasoning=allows(job.scopes, SEES_REASONING))
    for start in range(0, len(cases), CASES_AT_ONCE):
        some = cases[start : start + CASES_AT_ONCE]
        with one_moment():
            for resource in records_of(some, reader, job.kinds):
                if is_since(resource, job.since):
                    files.add(resource)
        note_progress(job, files.run, done=start + len(some))
    files.finish()
    if not _may_have_it(job):
        _end(job, BulkJob.State.FAILED)
        raise Stopped
    with transaction.atomic():
        note_progress(job, files.run, state=BulkJob.State.READY, ready_at=timezone.now())
        record_event(
            action="fhir.export_made",
            actor=None,
            clinic=job.clinic,
            object_type="bulk_export",
            object_id=job.pk,
            reason=f"client {job.client.reference}",
        )


def is_since(resource: Resource, since: datetime | None) -> bool:
    """Whether it changed since then; what does not say when it changed counts."""
    updated = resource.get("meta", {}).get("lastUpdated")
    return since is None or updated is None or datetime.fromisoformat(updated) >= since


def _may_have_it(job: BulkJob) -> bool:
    """Whether the client still has the right that it had when it asked."""
    job.client.refresh_from_db()
    return job.client.is_active and allows(job.client.scopes, EVERYTHING)


def _end(job: BulkJob, state: str) -> None:
    BulkFile.objects.filter(job=job).delete()
    BulkJob.objects.filter(pk=job.pk).update(state=state)


class Files:
    """Lines that wait for their file, by type."""

    def __init__(self, job: BulkJob, run: UUID) -> None:
        self._job, self.run = job, run
        self._waiting: dict[str, list[bytes]] = {}
        self._bytes: Counter[str] = Counter()
        self._made: Counter[str] = Counter()

    def add(self, resource: Resource) -> None:
        """One more; a file is made when it is large enough. Raises Stopped."""
        kind, line = str(resource["resourceType"]), written(resource)
        self._waiting.setdefault(kind, []).append(line)
        self._bytes[kind] += len(line)
        if self._bytes[kind] >= FILE_BYTES:
            self._make(kind)

    def finish(self) -> None:
        """A file of what is left of each type. Raises Stopped."""
        for kind in sorted(self._waiting):
            self._make(kind)

    def _make(self, kind: str) -> None:
        lines = self._waiting.pop(kind)
        self._made[kind] += 1
        with transaction.atomic():
            note_progress(self._job, self.run)  # who takes it back waits until the file is there
            BulkFile.objects.create(
                job=self._job,
                run=self.run,
                name=f"{kind}-{self._made[kind]:04d}",
                kind=kind,
                lines=len(lines),
                content=b"".join(lines),
            )
        self._bytes[kind] = 0
