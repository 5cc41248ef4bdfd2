"""References from files, as drafts: kept between the steps, written all at once or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from evidence.curation.actions import CurationRefused, save_entry
from evidence.curation.models import ImportFile
from evidence.domain.entries import Source
from evidence.domain.parts import Frozen
from evidence.domain.terms import Kind
from evidence.exchange.duplicates import Duplicate, find_duplicates, source_from, source_key
from evidence.exchange.reading import ReadFile, read_file
from evidence.exchange.table import COLUMNS
from evidence.exchange.work import FileRefused, ReadEntry
from evidence.keys import TAKEN_BY_PAGES
from evidence.models import Source as SourceRow
from evidence.queries import evidence_in_rows
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User

AT_ONCE = 250
"""The most references of one import: each of them is looked at by a person."""

KEPT_FOR = timedelta(days=14)
"""How long an import waits that nobody finished."""

LONGEST_NAME = 120


class Chosen(Frozen):
    """One row that is to become a source. duplicate_of: the source that it was shown to be."""

    row: int
    key: str
    kind: Kind
    duplicate_of: str = ""


class ImportRefused(CurationRefused):
    """An import of which nothing was written; `rows` says what is wrong with which row."""

    def __init__(self, message: str, rows: Mapping[int, str] | None = None) -> None:
        super().__init__(message)
        self.rows = rows or {}


class Preview(Frozen):
    """What an uploaded file would become. keys: for every row that can be imported."""

    read: ReadFile
    duplicates: dict[int, Duplicate]
    keys: dict[int, str]


@transaction.atomic
def keep_upload(*, name: str, content: bytes, by: User) -> ImportFile:
    """Keep a file that can be read until its import is finished. Raises FileRefused."""
    _read(content, None)
    ImportFile.objects.filter(
        finished_at__isnull=True, uploaded_at__lt=timezone.now() - KEPT_FOR
    ).delete()
    kept = ImportFile.objects.create(
        name=printable(name)[:LONGEST_NAME] or "file",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    _record("evidence_import.uploaded", kept, by)
    return kept


def printable(name: str) -> str:
    """A file's name as text: without its folder, and without signs that turn or hide others."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())


def _read(content: bytes, mapping: tuple[str, ...] | None) -> ReadFile:
    read = read_file(content, mapping=mapping)
    if len(read.entries) > AT_ONCE:
        raise FileRefused(
            f"This file lists {len(read.entries)} references; at most {AT_ONCE} are imported at "
            "once, as a person looks at each. Split it and import the parts."
        )
    return read


def preview(kept: ImportFile) -> Preview:
    """What the file would become beside the sources that are here. Raises FileRefused."""
    mapping = tuple(kept.mapping) if kept.mapping else None
    read = _read(bytes(kept.content or b""), mapping)
    taken = {*SourceRow.objects.values_list("key", flat=True), *TAKEN_BY_PAGES}
    keys: dict[int, str] = {}
    for entry in read.entries:
        if not entry.errors:
            keys[entry.row] = source_key(entry, {*taken, *keys.values()})
    sources = evidence_in_rows("import").sources
    return Preview(read=read, duplicates=find_duplicates(read.entries, sources), keys=keys)


@transaction.atomic
def map_columns(*, kept: ImportFile, mapping: Collection[str]) -> None:
    """Say which column of a table is which field. Raises FileRefused."""
    if not set(mapping) <= {"", *COLUMNS}:
        raise FileRefused("Choose a field of the list for each column.")
    _read(bytes(kept.content or b""), tuple(mapping))
    ImportFile.objects.filter(pk=kept.pk, finished_at__isnull=True).update(mapping=list(mapping))


@transaction.atomic
def import_rows(
    *, kept: ImportFile, chosen: Collection[Chosen], by: User, reason: str
) -> list[str]:
    """Make a draft of each chosen row; the keys of the new sources. All of them or none.

    An import that is finished already gives the keys that it gave. Raises ImportRefused.
    """
    now = ImportFile.objects.select_for_update().get(pk=kept.pk)
    if now.finished_at:
        return list(now.keys)
    if not chosen:
        raise ImportRefused("Choose at least one reference. Nothing was imported.")
    shown = preview(now)
    entries = {one.row: one for one in shown.read.entries}
    problems = _here_since(chosen, shown)
    sources: list[Source] = []
    for one in chosen:
        try:
            sources.append(_source(one, entries))
        except (KeyError, ValueError) as problem:
            problems[one.row] = _sentence(problem)
    problems |= _twice([one for one in chosen if one.row not in problems])
    if problems:
        raise ImportRefused("Nothing was imported: look at the rows below.", problems)
    for source in sources:
        save_entry(entry=source, by=by, reason=reason)
    now.finished_at, now.keys, now.content = timezone.now(), [one.key for one in sources], None
    now.abstracts = {one.key: said for one in chosen if (said := entries[one.row].abstract)}
    now.save(update_fields=["finished_at", "keys", "content", "abstracts"])
    _record("evidence_import.finished", now, by)
    return list(now.keys)


def _here_since(chosen: Collection[Chosen], shown: Preview) -> dict[int, str]:
    """Rows that are here by now and were not when the person looked."""
    found = {one.row: shown.duplicates.get(one.row) for one in chosen}
    return {
        one.row: f"It is here by now as {same.key}, by {same.by}. Look at it again."
        for one in chosen
        if (same := found[one.row]) and same.key and same.key != one.duplicate_of
    }


def _source(chosen: Chosen, entries: Mapping[int, ReadEntry]) -> Source:
    return source_from(entries[chosen.row], key=chosen.key, kind=chosen.kind)


def _sentence(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        return "Its key may have small letters, digits and hyphens only."
    if isinstance(problem, KeyError):
        return "The file has no such row."
    return str(problem)


def _twice(chosen: Collection[Chosen]) -> dict[int, str]:
    """Rows whose key another source or another row has."""
    taken = {*SourceRow.objects.values_list("key", flat=True), *TAKEN_BY_PAGES}
    problems: dict[int, str] = {}
    for one in chosen:
        if one.key in taken:
            problems[one.row] = f"The key {one.key} is taken. Choose another."
        taken.add(one.key)
    return problems


def _record(action: str, kept: ImportFile, by: User) -> None:
    record_event(
        action=action,
        actor=by,
        clinic=None,
        object_type="evidence_import",
        object_id=kept.pk,
        reason=", ".join(kept.keys),
    )
