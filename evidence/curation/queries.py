"""Every shared read of curation."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from evidence.composing import Name
from evidence.curation.models import OPEN, Change, ReleaseDraft, State
from evidence.domain import EntryKind


def held_back() -> frozenset[Name]:
    """The entries with a change that is open and not approved: no release takes it up yet."""
    waiting = Change.objects.filter(state__in=[State.DRAFT, State.IN_REVIEW])
    return frozenset(
        (EntryKind(kind), key) for kind, key in waiting.values_list("entry_kind", "entry_key")
    )


def open_change(kind: EntryKind, key: str) -> Change | None:
    """The change of an entry that is not at its end yet; None where there is none."""
    return Change.objects.filter(entry_kind=kind, entry_key=key, state__in=OPEN).first()


def approved_changes() -> QuerySet[Change]:
    """The changes that the next release takes up."""
    return Change.objects.filter(state=State.APPROVED)


def open_draft() -> ReleaseDraft | None:
    """The release that is prepared and waits for a second person; None where there is none."""
    return ReleaseDraft.objects.filter(status=ReleaseDraft.Status.OPEN).first()


def authors_of(change: Change) -> frozenset[UUID]:
    """The persons who wrote any of a change's content, by primary key."""
    edits = change.steps.filter(to_state=State.DRAFT, from_state__in=["", State.DRAFT])
    return frozenset(edits.values_list("by_id", flat=True))
