"""Every write to treatment history, each with one audit event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.documents.letter.treatment_history import EARLIER
from decisions.rules.logic.values import Frozen
from decisions.treatment_history.models import HistoryRow, Kind, NothingOf
from decisions.treatment_history.queries import rows_of
from kapnet.core.people.models import User
from kapnet.core.web.once import same_just_now

TAKEN_OVER: Mapping[str, Mapping[str, object]] = {
    Kind.TMS_COURSES: {},
    Kind.TRIALS: {"episode": EARLIER},
    Kind.OTHERS: {},
    Kind.ALLERGIES: {},
    Kind.SCORES: {},
}
"""What a new episode takes over, with what is another then. What is taken now is asked again, and
so is whether there is none of a kind."""
SAID_ONCE = (Kind.MEDICINES, Kind.ALLERGIES)


class RowChangedError(Exception):
    """Somebody else changed the row, or took it away, since the person saw it."""


@transaction.atomic
def add_row(*, case: Case, actor: User, kind: str, values: Frozen) -> HistoryRow:
    """Add one row; what was said of "none" is over with it.

    The same medicine or allergy added twice is one row. Two courses of which nothing is known are
    two.
    """
    said = {"values": values.model_dump(mode="json")}
    lock_open_case(case)
    theirs = rows_of(case).filter(kind=kind, saved_by=actor, kind__in=SAID_ONCE)
    if added := same_just_now(theirs, "saved_at", said):
        return added
    NothingOf.objects.filter(case=case, kind=kind).delete()
    row = HistoryRow.objects.create(
        case=case,
        kind=kind,
        **said,
        saved_at=timezone.now(),
        saved_by=actor,
    )
    record_case_event("history.added", case, actor, row.pk)
    return row


@transaction.atomic
def take_over_history(*, case: Case, of: Case, actor: User) -> None:
    """Let a new episode begin with the rows of an earlier case, each with its own days."""
    now = timezone.now()
    HistoryRow.objects.bulk_create(
        HistoryRow(
            case=case,
            kind=row.kind,
            values={**row.values, **TAKEN_OVER[row.kind]},
            taken_from=row,
            saved_at=now,
            saved_by=actor,
        )
        for row in rows_of(of).filter(kind__in=TAKEN_OVER)
    )
    record_case_event("history.taken_over", case, actor, of.pk)


@transaction.atomic
def save_row(*, row: HistoryRow, actor: User, values: Frozen, saved_at: datetime) -> None:
    """Store a changed row. saved_at: of the row that the person was looking at.

    The same values saved twice are no conflict. Raises RowChangedError.
    """
    kept = values.model_dump(mode="json")
    present = HistoryRow.objects.filter(pk=row.pk, removed_at=None)
    changed = present.filter(saved_at=saved_at).update(
        values=kept, saved_at=timezone.now(), saved_by=actor
    )
    if not changed and not any(one.values == kept for one in present):
        raise RowChangedError
    record_case_event("history.saved", row.case, actor, row.pk)


@transaction.atomic
def remove_row(*, row: HistoryRow, actor: User) -> None:
    """Take a row away; it stays in the database. Twice changes nothing."""
    present = HistoryRow.objects.filter(pk=row.pk, removed_at=None)
    if present.update(removed_at=timezone.now(), removed_by=actor):
        record_case_event("history.removed", row.case, actor, row.pk)


@transaction.atomic
def say_none(*, case: Case, actor: User, kind: str) -> bool:
    """Say that there are none of a kind. False, and nothing said, where there are rows."""
    if HistoryRow.objects.filter(case=case, kind=kind, removed_at=None).exists():
        return False
    NothingOf.objects.get_or_create(case=case, kind=kind, defaults={"said_by": actor})
    record_case_event("history.none_said", case, actor, case.pk)
    return True


@transaction.atomic
def take_none_back(*, case: Case, actor: User, kind: str) -> None:
    """It is not known any more whether there are any."""
    if NothingOf.objects.filter(case=case, kind=kind).delete()[0]:
        record_case_event("history.none_taken_back", case, actor, case.pk)
