"""What the worker does: everything of the clinic into one encrypted file, some parts at a time."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import IO, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.exit.actions import note_failed
from decisions.exit.archive import Archive
from decisions.exit.content import write_everything
from decisions.exit.everything import NOT_WRITTEN
from decisions.exit.models import Exit, ExitPart
from decisions.exit.running import Stopped, note_progress
from decisions.exit.versions import migrations_here
from kapnet.core.audit.actions import record_event
from kapnet.core.background.worker import PASSES
from kapnet.core.encryption.age_files import FileKey, SealingWriter
from kapnet.core.notices.owed import write_owed_of
from kapnet.core.people.at_clinic import at_clinic

PART = 1024 * 1024


def run_exit(exit_id: UUID) -> None:
    """Make the file. What was begun earlier is thrown away and made again."""
    with scopes_disabled():
        one = Exit.objects.select_related("clinic").get(pk=exit_id)
    with at_clinic(one.clinic):
        if one.state != Exit.State.RUNNING:
            return
        try:
            write_owed_of(one.clinic_id)  # they go along
            _make(one)
        except Stopped:
            return
        except PASSES:  # the worker tries again
            raise
        except Exception:
            note_failed(one)
            raise


def _make(one: Exit) -> None:
    run = uuid4()
    note_progress(one, None, run=run, done=0)
    ExitPart.objects.filter(exit=one).exclude(run=run).delete()
    parts = Parts(one, run)
    key = FileKey(bytes(one.header), base64.b64decode(one.key))
    sealed = SealingWriter(key, parts.write)
    try:
        archive = Archive(cast(IO[bytes], sealed), timezone.now())
        said = write_everything(
            archive, one.clinic, lambda done: note_progress(one, run, done=done)
        )
        made = {"exit": str(one.pk), "made_at": timezone.now().isoformat()}
        archive.close({**made, "migrations": migrations_here(), **said})
        sealed.finish()
        parts.flush()
        _finish(one, parts, said["counts"].get(f"fhir.{NOT_WRITTEN}", 0))
    except Stopped:
        ExitPart.objects.filter(exit=one, run=run).delete()
        raise
    finally:
        sealed.abandon()


class Parts:
    """The file on its way into the database."""

    def __init__(self, one: Exit, run: UUID) -> None:
        self._exit, self.run, self._place = one, run, 0
        self._waiting = bytearray()
        self.bytes, self.sha256 = 0, hashlib.sha256()

    def write(self, some: bytes) -> None:
        """Keep what is enough for a part."""
        self._waiting += some
        self.bytes += len(some)
        self.sha256.update(some)
        if len(self._waiting) >= PART:
            self.flush()

    def flush(self) -> None:
        """Keep what there is."""
        content = bytes(self._waiting)
        ExitPart.objects.create(exit=self._exit, run=self.run, place=self._place, content=content)
        self._place += 1
        self._waiting.clear()


def _finish(one: Exit, parts: Parts, not_written: int) -> None:
    with transaction.atomic():
        note_progress(
            one,
            parts.run,
            state=Exit.State.READY,
            ready_at=timezone.now(),
            key="",
            file_bytes=parts.bytes,
            file_sha256=parts.sha256.hexdigest(),
            not_written=not_written,
        )
        record_event(
            action="exit.ready",
            actor=None,
            clinic=one.clinic,
            object_type="exit",
            object_id=one.pk,
            reason=parts.sha256.hexdigest(),
        )


def parts_of(one: Exit) -> Iterator[bytes]:
    """The file, a part at a time."""
    with at_clinic(one.clinic):
        parts = ExitPart.objects.filter(exit=one, run=F("exit__run")).order_by("place")
        places = list(parts.values_list("pk", flat=True))
    for part in places:
        with at_clinic(one.clinic):
            content = bytes(ExitPart.objects.get(pk=part).content)
        yield content  # outside of the scope: nobody knows who goes on, and when
