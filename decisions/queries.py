"""Every shared read of cases, answers, safety tasks and decisions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from decisions.case_file import CaseFile
from decisions.models import Answer, Case, Decision, SafetyTask
from evidence.queries import release_stamp_subquery
from kapnet.clinics.models import User


def cases_with_context() -> QuerySet[Case]:
    """Cases of the clinic in scope, each with evidence stamp and open safety task: one query."""
    open_task = SafetyTask.objects.filter(case=OuterRef("pk"), closed_at=None)
    return Case.objects.select_related("clinic", "therapist").annotate(
        evidence_stamp=release_stamp_subquery(),
        open_task_item9=Subquery(open_task.values("item9")[:1]),
    )


def file_of(case: Case) -> CaseFile:
    """The file of a case that came from `cases_with_context`: one query for its answers."""
    return _file(case, Answer.objects.filter(case=case))


def _file(case: Case, rows: Iterable[Answer]) -> CaseFile:
    return CaseFile(
        case=case,
        rows={row.question: row for row in rows},
        evidence_stamp=case.evidence_stamp,  # type: ignore[attr-defined]
        open_task_item9=case.open_task_item9,  # type: ignore[attr-defined]
    )


def work_list(therapist: User | None) -> list[CaseFile]:
    """The cases of one therapist, or (None) of the whole clinic, newest change first."""
    latest = Decision.objects.filter(case=OuterRef("pk")).order_by("-number")
    cases = (
        cases_with_context()
        .annotate(
            last_answer_at=Max("answers__saved_at"),
            last_decision_at=Subquery(latest.values("recorded_at")[:1]),
            last_chosen=Subquery(latest.values("chosen")[:1]),
        )
        .annotate(
            last_change=Greatest(
                F("created_at"),
                Coalesce(F("last_answer_at"), F("created_at")),
                Coalesce(F("last_decision_at"), F("created_at")),
            )
        )
        .order_by("-last_change")
    )
    found = list(cases if therapist is None else cases.filter(therapist=therapist))
    rows: dict[object, list[Answer]] = {case.pk: [] for case in found}
    for row in Answer.objects.filter(case__in=found):
        rows[row.case_id].append(row)
    return [_file(case, rows[case.pk]) for case in found]


def open_task_of(case: Case) -> SafetyTask | None:
    """The open safety task of a case."""
    return SafetyTask.objects.filter(case=case, closed_at=None).select_related("opened_by").first()


def closed_tasks_of(case: Case) -> QuerySet[SafetyTask]:
    """The closed safety tasks of a case, newest first."""
    closed = SafetyTask.objects.filter(case=case).exclude(closed_at=None)
    return closed.select_related("closed_by").order_by("-pk")


def decisions_of(case: Case) -> QuerySet[Decision]:
    """The recorded decisions of a case, newest first."""
    return Decision.objects.filter(case=case).select_related("recorded_by").order_by("-number")
