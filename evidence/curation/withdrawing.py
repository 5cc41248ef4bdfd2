"""Proposing that entries no longer count, or that one counts again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence.curation.actions import (
    Overtaken,
    said_reason,
    take_step,
    write_withdrawal,
)
from evidence.curation.models import Action, Change, State
from evidence.curation.queries import open_changes
from evidence.domain.entries import Withdrawal
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.rows import MODELS, Row
from kapnet.core.people.models import User

NOTHING = "Nothing was changed."


def withdraw_entry(
    *, kind: EntryKind, key: str, withdrawn_as: WithdrawnAs, by: User, reason: str
) -> Change:
    """Propose that an entry no longer counts; it stays, struck through. Raises CurationRefused."""
    (change,) = withdraw_entries(
        kind=kind, keys=[key], withdrawn_as=withdrawn_as, by=by, reason=reason
    )
    return change


@transaction.atomic
def withdraw_entries(
    *, kind: EntryKind, keys: Collection[str], withdrawn_as: WithdrawnAs, by: User, reason: str
) -> list[Change]:
    """The same for several: a change of each, or none at all. Raises CurationRefused."""
    rows = _held(kind, keys)
    _refuse(f"{one.pk} is withdrawn already." for one in rows if one.withdrawn_as)
    _refuse_open(kind, keys)
    why, today = said_reason(reason), timezone.localdate()
    return [
        _propose(
            Action.WITHDRAW,
            Withdrawal(entry=kind, key=row.pk, withdrawn_as=withdrawn_as, reason=why, on=today),
            kind=kind,
            key=row.pk,
            by=by,
            reason=why,
        )
        for row in rows
    ]


@transaction.atomic
def restore_entry(*, kind: EntryKind, key: str, by: User, reason: str) -> Change:
    """Propose that a withdrawn entry counts again. Raises CurationRefused."""
    _refuse(f"{one.pk} is not withdrawn." for one in _held(kind, [key]) if not one.withdrawn_as)
    _refuse_open(kind, [key])
    return _propose(Action.RESTORE, None, kind=kind, key=key, by=by, reason=reason)


def _held(kind: EntryKind, keys: Collection[str]) -> list[Row]:
    """The rows, held: whoever is second waits, and sees what the first one did."""
    rows: QuerySet[Row] = MODELS[kind].objects.select_for_update()
    found = list(rows.filter(pk__in=keys).order_by("pk"))
    if not found or len(found) != len(set(keys)):
        raise Overtaken(f"Some of these no longer exist. {NOTHING}")
    return found


def _refuse(problems: Iterable[str]) -> None:
    if told := " ".join(problems):
        raise Overtaken(f"{told} {NOTHING}")


def _refuse_open(kind: EntryKind, keys: Collection[str]) -> None:
    names = sorted(one.entry_key for one in open_changes(kind, keys))
    if names:
        raise Overtaken(
            f"A change is open of {', '.join(names)}. Finish or discard it first. {NOTHING}"
        )


def _propose(
    action: Action,
    withdrawal: Withdrawal | None,
    *,
    kind: EntryKind,
    key: str,
    by: User,
    reason: str,
) -> Change:
    change = Change.objects.create(entry_kind=kind, entry_key=key, action=action)
    take_step(change, State.DRAFT, by=by, reason=reason)
    write_withdrawal(kind, key, withdrawal)
    return change
