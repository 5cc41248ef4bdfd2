"""Deleting a case that is past its time: asked for by one person, agreed to by another.

The server may remove none of what was signed or recorded. So nothing is deleted here but by
`delete_agreed`, which `manage.py delete_cases` runs as the owner of the tables, some days later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model
from django.utils import timezone

from decisions.cases.models import Case
from decisions.life.models import Deletion
from decisions.life.queries import PastKeeping, past_keeping
from kapnet.core.audit.actions import record_event
from kapnet.core.encryption.guards import guards_off, has_guards
from kapnet.core.people.models import Clinic, User

DELETED_AFTER = timedelta(days=7)
"""So long a deletion that was agreed to can still be taken back."""


class DeletionRefused(Exception):
    """A step to a deletion that cannot be taken; the message says why. Nothing was changed."""


@transaction.atomic
def ask_for_deletion(*, case: Case, actor: User) -> Deletion:
    """Ask for the deletion of a closed case that is past its time. Raises DeletionRefused."""
    # Held, so that two people who ask at once make one deletion.
    Case.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    past = _past_its_time(case.clinic, case.pk)
    if past.deletion is not None:
        raise DeletionRefused("Its deletion was asked for already. Nothing was changed.")
    asked = Deletion.objects.create(
        clinic=case.clinic,
        case_id=case.pk,
        case_number=case.number,
        kept_until=past.kept_until,
        asked_at=timezone.now(),
        asked_by=actor,
    )
    _record("case.deletion_asked_for", asked, actor)
    return asked


@transaction.atomic
def agree_to_deletion(*, deletion: Deletion, actor: User) -> None:
    """Somebody else agrees, while nothing holds the case back. Raises DeletionRefused."""
    now = _locked(deletion)
    _past_its_time(now.clinic, now.case_id)
    if now.asked_by_id == actor.pk:
        raise DeletionRefused("Somebody else has to agree. Nothing was changed.")
    if now.agreed_at is not None:
        raise DeletionRefused("Somebody agreed already. Nothing was changed.")
    now.agreed_at, now.agreed_by = timezone.now(), actor
    now.save(update_fields=["agreed_at", "agreed_by"])
    _record("case.deletion_agreed_to", now, actor)


@transaction.atomic
def take_deletion_back(*, deletion: Deletion, actor: User) -> None:
    """The case stays. Raises DeletionRefused once it is gone."""
    now = _locked(deletion)
    now.taken_back_at, now.taken_back_by = timezone.now(), actor
    now.save(update_fields=["taken_back_at", "taken_back_by"])
    _record("case.deletion_taken_back", now, actor)


def _past_its_time(clinic: Clinic, case_id: UUID) -> PastKeeping:
    for found in past_keeping(clinic, case_id):
        if found.held_by:
            raise DeletionRefused(
                f"This case is still needed: {'; '.join(found.held_by)}. Nothing was changed."
            )
        return found
    raise DeletionRefused("This case is not past its time. Nothing was changed.")


def _locked(deletion: Deletion) -> Deletion:
    now: Deletion = Deletion.objects.select_for_update(of=("self",)).get(pk=deletion.pk)
    if now.deleted_at or now.taken_back_at:
        raise DeletionRefused("This deletion is done, or was taken back. Nothing was changed.")
    return now


def _record(action: str, deletion: Deletion, actor: User | None, reason: str = "") -> None:
    record_event(
        action=action,
        actor=actor,
        clinic=deletion.clinic,
        object_type="case",
        object_id=deletion.case_id,
        case_id=deletion.case_id,
        reason=f"case {deletion.case_number:04d}{reason}",
    )


# What the owner of the tables does


def delete_agreed() -> Iterator[Deletion]:
    """Delete every case whose deletion was agreed to long enough ago, one after the other.

    One that was reopened, is not past its time any more or is needed again, stays.
    """
    due = Deletion.objects.filter(
        agreed_at__lt=timezone.now() - DELETED_AFTER, deleted_at=None, taken_back_at=None
    )
    for one in due.select_related("clinic", "agreed_by"):
        try:
            _delete(one)
        except DeletionRefused:
            continue
        yield one


@transaction.atomic
def _delete(deletion: Deletion) -> None:
    """The case and everything that hangs on it, past the triggers that keep it. An event stays.

    Raises DeletionRefused for a case that was taken back or reopened while others were deleted.
    """
    # The case first, as reopening it does: nobody adds a row to it from here on.
    Case.objects.select_for_update(of=("self",)).filter(pk=deletion.case_id).first()
    _locked(deletion)
    _past_its_time(deletion.clinic, deletion.case_id)
    rows = _rows_of(deletion.case_id)
    with ExitStack() as stack:
        for model in rows:
            if has_guards(connection, model._meta.db_table):
                stack.enter_context(guards_off(connection, model._meta.db_table))
        count = 0
        for model, keys in reversed(rows.items()):
            manager: Any = model._base_manager
            count += manager.filter(pk__in=keys)._raw_delete(connection.alias)
    deletion.deleted_at = timezone.now()
    deletion.save(update_fields=["deleted_at"])
    asked = f", asked for by {deletion.asked_by_id}, agreed to by {deletion.agreed_by_id}"
    _record("case.deleted", deletion, deletion.agreed_by, f"{asked}, {count} rows")


def _rows_of(case_id: object) -> dict[type[Model], set[object]]:
    """Every row of the database that hangs on a case, by its model, the case first."""
    found: dict[type[Model], set[object]] = {Case: {case_id}}
    grown = True
    while grown:
        grown = False
        for model, key in _keys_to(set(found)):
            manager: Any = model._base_manager
            hanging = manager.filter(**{f"{key.name}__in": found[key.related_model]})
            keys = set(hanging.values_list("pk", flat=True)) - found.get(model, set())
            if keys:
                found.setdefault(model, set()).update(keys)
                grown = True
    return found


def _keys_to(models: set[Any]) -> Iterator[tuple[type[Model], Any]]:
    """The foreign keys to these models; a letter that replaces another is of the same case."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            is_key = isinstance(field, ForeignKey) and field.related_model in models
            if is_key and field.related_model is not model:
                yield model, field
