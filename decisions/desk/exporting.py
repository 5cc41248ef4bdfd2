"""Files of many letters: asked for by a person, made by a worker, never drawn again.

The worker looks at one letter after the other and writes down how far it is, so that an export
that was cut off goes on where it stopped. The bytes of a letter are those that were signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.desk.actions import CONSENT_REVOKED, note_exported
from decisions.desk.models import Export, ExportItem
from decisions.letters.models import Letter
from decisions.letters.queries import correction_of, revoked_consent_of
from decisions.letters.verification.verifying import is_intact
from kapnet.core.audit.actions import record_event
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Clinic, User

MOST_LETTERS = 500
AN_HOUR = timedelta(hours=1)
MANIFEST = "manifest.json"


class ExportRefused(ValueError):
    """An export that is not begun; the message says why and what to do."""


class TooManyExports(ExportRefused):
    """One person asked for more files within the hour than DESK_EXPORTS_AN_HOUR."""


@transaction.atomic
def ask_for_export(*, clinic: Clinic, by: User, letters: list[Letter], kind: str) -> Export:
    """Begin an export of these letters, in this order. Raises ExportRefused."""
    if not letters:
        raise ExportRefused("Choose at least one letter.")
    if len(letters) > MOST_LETTERS:
        raise ExportRefused(f"At most {MOST_LETTERS} letters go into one file. Choose fewer.")
    recent = Export.objects.filter(requested_by=by, requested_at__gt=timezone.now() - AN_HOUR)
    if recent.count() >= settings.DESK_EXPORTS_AN_HOUR:
        raise TooManyExports("You asked for many files within the hour. Try again later.")
    forget_old_files()
    export = Export.objects.create(clinic=clinic, requested_by=by, kind=kind)
    ExportItem.objects.bulk_create(
        ExportItem(export=export, letter=letter, place=place)
        for place, letter in enumerate(letters)
    )
    _record("letters.export_asked_for", export, by)
    _enqueue(export)
    return export


def go_on(*, export: Export, by: User) -> None:
    """Let a worker take up an export that makes no progress."""
    _record("letters.export_resumed", export, by)
    _enqueue(export)


def _enqueue(export: Export) -> None:
    from decisions.desk.tasks import make_export

    make_export.enqueue(str(export.pk))


def forget_old_files() -> None:
    """Keep no file of letters longer than it is said to be kept, in any clinic."""
    old = timezone.now() - timedelta(hours=settings.DESK_EXPORTS_KEPT_HOURS)
    with scopes_disabled():
        Export.objects.filter(state=Export.State.DONE, requested_at__lt=old).update(
            state=Export.State.EXPIRED, file=None
        )


# What the worker does


def run_export(export_id: UUID) -> None:
    """Look at what is still waiting, then make the file. Running it again changes nothing."""
    with scopes_disabled():
        export = Export.objects.select_related("clinic", "requested_by").get(pk=export_id)
    with at_clinic(export.clinic):
        if export.state != Export.State.RUNNING:
            return
        for item in export.items.filter(state=ExportItem.State.WAITING):
            _look_at(export, item)
        _finish(export)


def _look_at(export: Export, item: ExportItem) -> None:
    letter = Letter.objects.defer("pdf", "content").get(pk=item.letter_id)
    item.problem = _problem_of(letter)
    item.state = ExportItem.State.LEFT_OUT if item.problem else ExportItem.State.CHECKED
    item.save(update_fields=["state", "problem"])
    Export.objects.filter(pk=export.pk).update(moved_at=timezone.now())


def _look_again(export: Export) -> None:
    """What was right when it was looked at may be revoked or replaced before the file is made."""
    for item in export.items.filter(state=ExportItem.State.CHECKED):
        letter = Letter.objects.defer("pdf", "content").get(pk=item.letter_id)
        if problem := _what_came_since(letter):
            item.state, item.problem = ExportItem.State.LEFT_OUT, problem
            item.save(update_fields=["state", "problem"])


def _problem_of(letter: Letter) -> str:
    if not is_intact(letter):
        return "Its stored bytes are not those that were signed. Contact your administrator."
    return _what_came_since(letter)


def _what_came_since(letter: Letter) -> str:
    if revoked_consent_of(letter):
        return CONSENT_REVOKED
    replaced_by = correction_of(letter)
    if replaced_by:
        return f"Letter {replaced_by.number} has replaced it. Export that one."
    return ""


def _finish(export: Export) -> None:
    """Keep the file, and note each letter in it as exported, all at once."""
    _look_again(export)
    made = file_of_letters(export)
    with transaction.atomic():
        now = Export.objects.select_for_update().get(pk=export.pk)
        if now.state != Export.State.RUNNING:
            return
        now.state, now.file, now.moved_at = Export.State.DONE, made, timezone.now()
        now.file_sha256 = hashlib.sha256(made).hexdigest()
        now.save(update_fields=["state", "file", "file_sha256", "moved_at"])
        for letter in _letters_in(export):
            note_exported(letter=letter, by=export.requested_by)


def file_of_letters(export: Export) -> bytes:
    """The bytes of the file: the same letters and time of asking give the same bytes."""
    letters = list(_letters_in(export))
    if export.kind == Export.Kind.PRINT:
        from decisions.desk.print_file import Printed, join_tagged  # pikepdf, only here

        printed = (Printed(one.number, bytes(one.pdf or b"")) for one in letters)
        title = f"{len(letters)} letters"
        return join_tagged(printed, title=title, joined_at=export.requested_at)
    return zip_of(letters, asked_at=export.requested_at)


def _letters_in(export: Export) -> Iterator[Letter]:
    checked = export.items.filter(state=ExportItem.State.CHECKED).values("letter_id")
    places = dict(export.items.values_list("letter_id", "place"))
    found = Letter.objects.filter(pk__in=checked).select_related("clinic").defer("content")
    yield from sorted(found, key=lambda one: places[one.pk])


def zip_of(letters: Iterable[Letter], *, asked_at: datetime) -> bytes:
    """An archive of the PDFs and a list of their hashes. No name of a person is in any name."""
    out, listed = BytesIO(), []
    moment = asked_at.astimezone(UTC)
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for letter in letters:
            name = f"{letter.number}.pdf"
            archive.writestr(_entry(name, moment), bytes(letter.pdf or b""))
            listed.append({"file": name, "sha256": letter.pdf_sha256})
        manifest = {"made_at": moment.isoformat(timespec="seconds"), "letters": listed}
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        archive.writestr(_entry(MANIFEST, moment), text)
    return out.getvalue()


def _entry(name: str, moment: datetime) -> ZipInfo:
    return ZipInfo(name, date_time=moment.timetuple()[:6])


def _record(action: str, export: Export, by: User) -> None:
    record_event(
        action=action, actor=by, clinic=export.clinic, object_type="export", object_id=export.pk
    )
