"""Tasks for who signed a letter on evidence that a release withdraws, and how they end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.domain.outcomes import Outcome
from decisions.letters.models import Letter, WithdrawalTask
from decisions.naming import decisions_naming
from decisions.withdrawn import WithdrawnSource, entries_withdrawn_in, withdrawn_keys
from evidence.composing import Name
from evidence.domain import EntryKind, EvidenceBase
from evidence.models import Release
from evidence.queries import evidence_of
from kapnet.audit.actions import record_event
from kapnet.clinics.models import User

ClosedAs = WithdrawalTask.ClosedAs


class TasksClosedError(Exception):
    """None of the tasks is open any more."""


# Reads


def open_tasks() -> QuerySet[WithdrawalTask]:
    """The open tasks of the clinic in scope, the oldest first."""
    return (
        WithdrawalTask.objects.filter(closed_at=None)
        .select_related("letter__case", "letter__signed_by")
        .defer("letter__pdf", "letter__content")
    )


def open_tasks_for(signer: User) -> QuerySet[WithdrawalTask]:
    """The open tasks of one signer, and those whose signer does not work in the clinic any more."""
    still_here = Q(
        letter__signed_by__is_active=True,
        letter__signed_by__membership__is_active=True,
        letter__signed_by__membership__clinic=F("letter__clinic"),
    )
    return open_tasks().filter(Q(letter__signed_by=signer) | ~still_here)


def are_letters_affected() -> bool:
    """Whether evidence was withdrawn under a signed letter in scope, and still is."""
    return WithdrawalTask.objects.filter(closed_as__in=["", ClosedAs.SEEN]).exists()


def tasks_of(letter: Letter) -> QuerySet[WithdrawalTask]:
    """Every task about a letter, open and closed."""
    return WithdrawalTask.objects.filter(letter=letter).select_related("release", "closed_by")


# What a release does


@transaction.atomic
def follow_release(release: Release) -> None:
    """Open a task for every signed letter that rests on what this release withdraws, in all
    clinics, and close those whose evidence counts again. Following twice changes nothing."""
    after = evidence_of(release)
    earlier = Release.objects.filter(number__lt=release.number).first()
    with scopes_disabled():
        _close_restored(after, release)
        _open_new(evidence_of(earlier) if earlier else None, after, release)


def _close_restored(after: EvidenceBase, release: Release) -> None:
    for task in open_tasks():
        if _counts(after, EntryKind(task.entry_kind), task.entry_key):
            task.closed_as, task.closed_at = ClosedAs.RESTORED, timezone.now()
            task.save(update_fields=["closed_as", "closed_at"])
            _record("letter.evidence_restored", task, release.approver, release.name)


def _counts(evidence: EvidenceBase, kind: EntryKind, key: str) -> bool:
    """Whether an entry is there and supports something. One that is gone does not count."""
    if kind is EntryKind.POSITION:
        return evidence.has_position(key) and not evidence.is_position_withdrawn(key)
    return evidence.has_source(key) and not evidence.is_retracted(key)


def _open_new(before: EvidenceBase | None, after: EvidenceBase, release: Release) -> None:
    known = _known_tasks()
    for letter in _standing_letters(withdrawn_keys(after)):
        outcome = Outcome.model_validate(letter.decision.outcome)
        earlier = entries_withdrawn_in(outcome, before) if before else {}
        for name, told in entries_withdrawn_in(outcome, after).items():
            is_open = known.get((letter.pk, *name))
            if is_open is None or (not is_open and name not in earlier):
                _open(letter, name, told, release)


def _known_tasks() -> dict[tuple[object, ...], bool]:
    """Whether a task is open, by letter and entry; an entry that never had one is not in it."""
    rows = WithdrawalTask.objects.order_by("pk").values_list(
        "letter_id", "entry_kind", "entry_key", "closed_at"
    )
    return {(letter, kind, key): closed_at is None for letter, kind, key, closed_at in rows}


def _standing_letters(keys: frozenset[str]) -> Iterator[Letter]:
    """Signed letters of all clinics that no other replaces, if their decision names a key."""
    replacing = Letter.objects.filter(status=Letter.Status.SIGNED, replaces__isnull=False)
    return (
        Letter.objects.filter(
            status=Letter.Status.SIGNED, decision__in=decisions_naming(keys).values("pk")
        )
        .exclude(pk__in=replacing.values("replaces_id"))
        .select_related("clinic", "decision")
        .only("case_id", "clinic", "decision__outcome", "decision__case_id")
        .iterator(chunk_size=100)
    )


def _open(letter: Letter, name: Name, told: WithdrawnSource, release: Release) -> None:
    task = WithdrawalTask.objects.create(
        letter=letter,
        entry_kind=name[0],
        entry_key=name[1],
        source_key=told.key,
        label=told.label,
        why=told.why,
        release=release,
    )
    _record("letter.evidence_withdrawn", task, release.approver, release.name)


# What people do


@transaction.atomic
def mark_seen(*, letter: Letter, tasks: Collection[WithdrawalTask], actor: User, note: str) -> None:
    """Close these open tasks of a letter with a note. Raises TasksClosedError when none is open.

    tasks: those that the person was shown, so that one opened meanwhile stays open.
    """
    _close(letter, Q(pk__in=[one.pk for one in tasks]), actor, closed_as=ClosedAs.SEEN, note=note)


def close_replaced(*, letter: Letter, actor: User, closed_at: datetime) -> None:
    """Close the open tasks of a letter that a signed correction has just replaced."""
    try:
        _close(letter, Q(), actor, closed_as=ClosedAs.REPLACED, closed_at=closed_at)
    except TasksClosedError:
        return


def _close(letter: Letter, which: Q, actor: User, **fields: object) -> None:
    found = list(open_tasks().filter(which, letter=letter).values_list("pk", flat=True))
    closed = {"closed_at": timezone.now(), "closed_by": actor, **fields}
    if not open_tasks().filter(pk__in=found).update(**closed):
        raise TasksClosedError
    for task in WithdrawalTask.objects.filter(pk__in=found).select_related("letter__clinic"):
        _record(f"letter.withdrawal_{task.closed_as}", task, actor, task.entry_key)


def _record(action: str, task: WithdrawalTask, actor: User | None, reason: str) -> None:
    record_event(
        action=action,
        actor=actor,
        clinic=task.letter.clinic,
        object_type="letter",
        object_id=task.letter_id,
        case_id=task.letter.case_id,
        reason=reason,
    )
