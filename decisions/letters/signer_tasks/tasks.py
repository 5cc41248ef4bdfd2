"""Tasks of who signed a letter that rests on less than it did: read, opened, and how they end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from decisions.letters.letter_events import owe_letter_event, record_letter_event
from decisions.letters.models import Letter, LetterTask
from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.models import User
from kapnet.core.people.queries import looked_after_by

ClosedAs, Reason = LetterTask.ClosedAs, LetterTask.Reason

OPENED: Mapping[str, str] = {
    Reason.WITHDRAWN: "letter.evidence_withdrawn",
    Reason.STRICTER: "letter.edition_stricter",
}
"""What the audit log calls the opening of a task."""
CLOSED: Mapping[str, str] = {
    Reason.WITHDRAWN: "letter.withdrawal",
    Reason.STRICTER: "letter.stricter",
}
"""How the name of its end begins there."""


class TasksClosedError(Exception):
    """None of the tasks is open any more."""


# Reads


def open_tasks() -> QuerySet[LetterTask]:
    """The open tasks of the clinic in scope, the oldest first."""
    return (
        LetterTask.objects.filter(closed_at=None)
        .select_related("letter__case", "letter__signed_by")
        .defer("letter__pdf", "letter__content")
    )


def open_tasks_for(signer: User) -> list[LetterTask]:
    """The open tasks of one signer and of whom they stand in for, and those whose signer left."""
    return _OPEN_FOR.rows(signers=looked_after_by(signer))


def _open_of(signers: list[Given]) -> QuerySet[LetterTask]:
    still_here = Q(
        letter__signed_by__is_active=True,
        letter__signed_by__membership__is_active=True,
        letter__signed_by__membership__clinic=F("letter__clinic"),
    )
    theirs = Q(letter__signed_by__id__in=signers)
    return open_tasks().filter(theirs | ~still_here)


_OPEN_FOR = Compiled(_open_of, signers=User._meta.get_field("id"))


def are_letters_affected() -> bool:
    """Whether evidence was withdrawn under a signed letter in scope, and still is."""
    return LetterTask.objects.filter(
        reason=Reason.WITHDRAWN, closed_as__in=["", ClosedAs.SEEN]
    ).exists()


def tasks_of(letter: Letter) -> QuerySet[LetterTask]:
    """Every task about a letter, open and closed."""
    found = LetterTask.objects.filter(letter=letter)
    return found.select_related("release", "edition_release", "closed_by", "letter__decision")


# What releases do


def open_task(
    *,
    letter: Letter,
    reason: LetterTask.Reason,
    opened_by: User | None,
    told: str,
    **fields: object,
) -> None:
    """A new task. Its event is owed: a release opens tasks in several clinics.

    told: what the event says of the release.
    """
    LetterTask.objects.create(letter=letter, reason=reason, **fields)
    owe_letter_event(OPENED[reason], letter, opened_by, told)


def end_task(
    task: LetterTask,
    closed_as: LetterTask.ClosedAs,
    *,
    action: str,
    ended_by: User | None,
    told: str,
) -> None:
    """End a task because a release took its reason away. told: what its event says of that."""
    task.closed_as, task.closed_at = closed_as, timezone.now()
    task.save(update_fields=["closed_as", "closed_at"])
    owe_letter_event(action, task.letter, ended_by, told)


def standing_letters() -> QuerySet[Letter]:
    """Signed letters that no other replaces, without what they say."""
    replacing = Letter.objects.filter(status=Letter.Status.SIGNED, replaces__isnull=False)
    return (
        Letter.objects.filter(status=Letter.Status.SIGNED)
        .exclude(pk__in=replacing.values("replaces_id"))
        .select_related("clinic")
        .defer("pdf", "content")
    )


# What people do


@transaction.atomic
def mark_seen(*, letter: Letter, tasks: Collection[LetterTask], actor: User, note: str) -> None:
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
    for task in LetterTask.objects.filter(pk__in=found).select_related("letter__clinic"):
        action = f"{CLOSED[task.reason]}_{task.closed_as}"
        record_letter_event(action, task.letter, actor, task.entry_key)
