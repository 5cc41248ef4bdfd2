"""The columns of a case by which lists are sorted, kept right by every change of a case.

They say what could be computed from answers, decisions and safety task; computing that for each
case of a clinic took longer than anybody waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Value, When
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Answer, Case, Decision, SafetyTask, Urgency
from decisions.cases.queries import cases_with_context, file_of
from kapnet.core.compiled import CompiledUpdate, Given


class CaseClosedError(Exception):
    """The case is closed: it is reopened before anything about it changes."""


def note_answer(file: CaseFile, row: Answer) -> CaseFile:
    """Note that an answer is saved, and keep other changes of the case waiting until it is.

    Call it before the answer is written, within a transaction. Returns the case with the answer.
    Where it was changed since it was read, what comes first is worked out from what is stored now,
    and the moment of the answer becomes a later one. Raises CaseClosedError.
    """
    case, after = file.case, file.with_answer(row, open_task=file.open_task)
    if row.saved_at > case.last_change and _NOTE_IF_UNCHANGED.write(
        id=case.pk,
        last_change=case.last_change,
        saved_at=row.saved_at,
        by_rules=_by_rules(after),
    ):
        case.last_change = row.saved_at
        return after
    locked = lock_open_case(case)
    row.saved_at = _after(locked)
    now = file_of(locked).with_answer(row, open_task=None)
    Case.objects.filter(pk=case.pk).update(last_change=row.saved_at, urgency=_urgency(now))
    case.last_change = row.saved_at
    return after


_NOTE_IF_UNCHANGED = CompiledUpdate(
    lambda: (
        Case.objects.filter(
            pk=Given("id", Case._meta.get_field("id")),
            closed_at=None,
            last_change=Given("last_change", Case._meta.get_field("last_change")),
        ),
        {
            "last_change": Given("saved_at", Case._meta.get_field("last_change")),
            "urgency": _or_open_task(Given("by_rules", models.IntegerField())),
        },
    )
)


def note_decision(case: Case) -> datetime:
    """Note that a decision about a locked case is recorded now; returns the moment."""
    now = _after(case)
    Case.objects.filter(pk=case.pk).update(last_change=now)
    return now


def lock_open_case(case: Case) -> Case:
    """The case as it is now; other changes of it wait. Raises CaseClosedError."""
    locked = cases_with_context().select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if locked.closed_at is not None:
        raise CaseClosedError
    return locked


def _after(case: Case) -> datetime:
    """Now, and later than any change before, so that two changes never have the same moment."""
    return max(timezone.now(), case.last_change + timedelta.resolution)


def keep_urgency_of(case: Case) -> None:
    """Store what comes first in a case as it is stored now."""
    Case.objects.filter(pk=case.pk).update(urgency=_urgency(_read(case)))


def _read(case: Case) -> CaseFile:
    return file_of(cases_with_context().get(pk=case.pk))


def _by_rules(file: CaseFile) -> Urgency:
    return Urgency.ACT_FIRST if file.urgent else Urgency.NONE


def _urgency(file: CaseFile) -> models.Case:
    return _or_open_task(Value(int(_by_rules(file))))


def _or_open_task(by_rules: models.Expression) -> models.Case:
    """For an update: an open safety task comes before what the rules say."""
    is_open = Exists(SafetyTask.objects.filter(case=OuterRef("pk"), closed_at=None))
    task = Value(int(Urgency.OPEN_SAFETY_TASK))
    return models.Case(When(is_open, then=task), default=by_rules)


def computed_columns(case: Case) -> dict[str, object]:
    """What the columns of a case have to say, from all that they rest on."""
    file = _read(case)
    answers = Answer.objects.filter(case=case).aggregate(last=Max("saved_at"))["last"]
    decided = Decision.objects.filter(case=case).aggregate(last=Max("recorded_at"))["last"]
    return {
        "last_change": max(filter(None, (case.created_at, answers, decided))),
        "urgency": Urgency.OPEN_SAFETY_TASK if file.has_open_task else _by_rules(file),
    }


def weigh(case: Case) -> bool:
    """Let the columns of a case say what is computed; whether they said something else."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
        right = computed_columns(case)
        differs = any(getattr(case, name) != value for name, value in right.items())
        if differs:
            Case.objects.filter(pk=case.pk).update(**right)
        return differs
