"""What an entry said before: each version that was saved, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from evidence.domain.differences import Difference
from evidence.domain.terms import EntryKind
from evidence.presenters.differences import ShownDifference, present_differences
from evidence.rows import Row

MOST_SHOWN = 20
OF_THE_ROW = frozenset({"place", "dossier_sha256"})
"""Columns that say nothing of the content."""


@dataclass(frozen=True)
class Version:
    """One version: when and by whom it was saved, and how it differs from the one before.

    by: None where a command loaded it. is_first: nothing is before it.
    """

    at: datetime
    by: str | None
    is_first: bool
    differences: tuple[ShownDifference, ...]


def present_versions(kind: EntryKind, row: Row) -> list[Version]:
    """The newest versions of an entry, the newest first."""
    saved = type(row).history.filter(**{row._meta.pk.attname: row.pk})
    records = list(saved.select_related("history_user")[: MOST_SHOWN + 1])
    shown = [_version(kind, now, before) for now, before in pairwise(records)]
    if records and len(records) <= MOST_SHOWN:
        shown.append(_version(kind, records[-1], None))
    return [one for one in shown if one.is_first or one.differences]


def _version(kind: EntryKind, now: Any, before: Any) -> Version:
    found = () if before is None else present_differences(kind, _differences(now, before))
    by = now.history_user.name if now.history_user else None
    return Version(at=now.history_date, by=by, is_first=before is None, differences=found)


def _differences(now: Any, before: Any) -> list[Difference]:
    columns = [one.attname for one in now.instance._meta.fields if one.name not in OF_THE_ROW]
    texts = [(one, _text(getattr(before, one)), _text(getattr(now, one))) for one in columns]
    return [Difference(name, was, said) for name, was, said in texts if was != said]


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
