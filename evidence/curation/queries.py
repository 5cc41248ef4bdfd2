"""Every shared read of curation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max, QuerySet

from evidence.curation.models import OPEN, Change, ImportFile, ReleaseDraft, State
from evidence.curation.seed_rows import SHELVES
from evidence.domain.differences import (
    Difference,
    differences,
    entry_differences,
    withdrawal_differences,
)
from evidence.domain.entries import EvidenceBase
from evidence.domain.release_content import Name
from evidence.domain.terms import EntryKind
from evidence.models import Release
from evidence.queries import current_evidence, evidence_of
from evidence.rows import MODELS, withdrawal_of


def held_back() -> frozenset[Name]:
    """The entries with a change that is open and not approved: no release takes it up yet."""
    waiting = Change.objects.filter(state__in=[State.DRAFT, State.IN_REVIEW])
    return frozenset(
        (EntryKind(kind), key) for kind, key in waiting.values_list("entry_kind", "entry_key")
    )


def open_change(kind: EntryKind, key: str) -> Change | None:
    """The change of an entry that is not at its end yet; None where there is none."""
    return Change.objects.filter(entry_kind=kind, entry_key=key, state__in=OPEN).first()


def open_changes(kind: EntryKind, keys: Collection[str]) -> QuerySet[Change]:
    """The changes of these entries that are not at their end yet."""
    return Change.objects.filter(entry_kind=kind, entry_key__in=keys, state__in=OPEN)


class ImportedAbstract(NamedTuple):
    """The abstract of a source as a file had it."""

    text: str
    file: str
    at: datetime


def abstract_of(kind: EntryKind, key: str) -> ImportedAbstract | None:
    """That of the newest import; None where the source came by another way, or without one."""
    if kind is not EntryKind.SOURCE:
        return None
    imports = ImportFile.objects.filter(abstracts__has_key=key, finished_at__isnull=False)
    found = imports.defer("content").order_by("-finished_at").first()
    if found is None or found.finished_at is None:
        return None
    return ImportedAbstract(found.abstracts[key], found.name, found.finished_at)


def changes_of(kind: EntryKind, key: str) -> QuerySet[Change]:
    """Every change of an entry, the newest first."""
    return Change.objects.filter(entry_kind=kind, entry_key=key).select_related("release")


def locked_change(kind: EntryKind, key: str) -> Change | None:
    """The same, held until the end of the transaction: nobody takes a step of it meanwhile."""
    held = Change.objects.select_for_update()
    return held.filter(entry_kind=kind, entry_key=key, state__in=OPEN).first()


def approved_changes() -> QuerySet[Change]:
    """The changes that the next release takes up."""
    return Change.objects.filter(state=State.APPROVED)


def open_drafts() -> QuerySet[ReleaseDraft]:
    """The release that is prepared and waits for a second person: one at most."""
    return ReleaseDraft.objects.filter(status=ReleaseDraft.Status.OPEN)


def open_draft() -> ReleaseDraft | None:
    """The same; None where there is none."""
    return open_drafts().first()


def draft_on_its_way() -> ReleaseDraft | None:
    """The release that is prepared, or whose impact is worked out; None where there is none."""
    on_their_way = [ReleaseDraft.Status.PREPARING, ReleaseDraft.Status.OPEN]
    return ReleaseDraft.objects.filter(status__in=on_their_way).first()


def authors_of(change: Change) -> frozenset[UUID]:
    """The persons who wrote any of a change's content, by primary key."""
    edits = change.steps.filter(to_state=State.DRAFT, from_state__in=["", State.DRAFT])
    return frozenset(edits.values_list("by_id", flat=True))


# What somebody reads before they agree


def difference_of(change: Change) -> tuple[Difference, ...]:
    """What the change does to its entry: published before, and after."""
    kind, key = EntryKind(change.entry_kind), change.entry_key
    if change.release:
        before, after = _around(change.release)
        return entry_differences(before, after, kind, key)
    if change.state == State.DISCARDED:
        return ()
    published = current_evidence()
    row = MODELS[kind].objects.filter(pk=key).first()
    now = SHELVES[kind].read(row) if row else None
    was = (published.withdrawal(kind, key), withdrawal_of(kind, row) if row else None)
    return (*differences(published.entry(kind, key), now), *withdrawal_differences(*was))


def _around(release: Release) -> tuple[EvidenceBase | None, EvidenceBase]:
    earlier = Release.objects.filter(number__lt=release.number).first()
    return evidence_of(earlier) if earlier else None, evidence_of(release)


def seen_of_change(change: Change) -> str:
    """Changes with everything that the page of a change shows of what it does and how it came."""
    last_step = change.steps.aggregate(last=Max("pk"))["last"]
    readings = list(change.readings.values_list("pk", flat=True))
    return _digest([change.pk, change.state, last_step, readings, difference_of(change)])


def seen_of_draft(draft: ReleaseDraft) -> str:
    """Changes with everything that the page of a prepared release shows."""
    changes = [] if draft.rolls_back_to_id else approved_changes().order_by("pk")
    return _digest(
        [
            *(draft.pk, draft.status, draft.notes, draft.sha256, draft.base_id, draft.impact),
            [seen_of_change(one) for one in changes],
        ]
    )


def _digest(shown: object) -> str:
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
