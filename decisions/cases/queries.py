"""Every shared read of cases, answers, safety tasks and decisions, and the write of each save."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, JSONField, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONArray, JSONObject

from decisions.cases.case_file import CaseFile, Item9, OpenTask
from decisions.cases.due.people import THERAPIST_WORKS_HERE
from decisions.cases.models import Answer, Case, Decision, SafetyTask
from decisions.cases.told import conditions_of_each_case
from evidence.queries import release_stamp_subquery
from kapnet.core.compiled import Compiled, CompiledUpdate, Given, Stored
from kapnet.core.people.models import User
from kapnet.core.people.queries import looked_after_by

OF_CASE = Given("case", Case._meta.get_field("id"))
"""In a compiled query of any room: the case that it is about, given by its id."""


def cases_with_context() -> QuerySet[Case]:
    """Cases of the clinic in scope, each with evidence stamp and open safety task: one query."""
    open_task = SafetyTask.objects.filter(case=OuterRef("pk"), closed_at=None)
    return Case.objects.select_related("clinic", "therapist").annotate(
        evidence_stamp=release_stamp_subquery(),
        open_task=Subquery(open_task.values(fields=JSONObject(**_OF_OPEN_TASK))[:1]),
        **conditions_of_each_case(),
    )


CASE_WITH_ANSWERS = Compiled(
    lambda: (
        cases_with_context()
        .filter(pk=Given("id", Case._meta.get_field("id")))
        .annotate(answers_at_once=answers_of_each_case())
    )
)
"""One of them by its id with its answers, as every page of a case asks for it."""

_OF_OPEN_TASK = {name: name for name in ("first_item9", "first_item9_on", "item9", "item9_on")}


def file_at_once(case: Case) -> CaseFile:
    """The file of a case that came from CASE_WITH_ANSWERS."""
    return file_with(case, answers_in(case, case.answers_at_once))  # type: ignore[attr-defined]


def file_of(case: Case) -> CaseFile:
    """The file of a case that came from `cases_with_context`: one query for its answers."""
    return file_with(case, _ANSWERS.rows(case=case.pk))


_ANSWERS = Compiled(lambda: Answer.objects.filter(case=OF_CASE))

WRITTEN = ("value", "edition", "assessed_on", "saved_at", "saved_by_id", "version")
REPLACE_ANSWER = CompiledUpdate(
    lambda: (
        Answer.objects.filter(
            pk=Given("id", Answer._meta.get_field("id")),
            version=Given("before", Answer._meta.get_field("version")),
        ),
        {name.removesuffix("_id"): Given(name, Answer._meta.get_field(name)) for name in WRITTEN},
    )
)
"""Each save writes this into the row that it was shown, where nobody has written since."""


def file_with(case: Case, rows: Iterable[Answer]) -> CaseFile:
    """The same with its answers at hand."""
    return CaseFile(
        case=case,
        rows={row.question: row for row in rows},
        evidence_stamp=case.evidence_stamp,  # type: ignore[attr-defined]
        open_task=_open_task(case.open_task),  # type: ignore[attr-defined]
    )


def _open_task(fields: dict[str, Any] | None) -> OpenTask | None:
    if fields is None:
        return None
    return OpenTask(
        first=Item9(fields["first_item9"], date.fromisoformat(fields["first_item9_on"])),
        highest=Item9(fields["item9"], date.fromisoformat(fields["item9_on"])),
    )


def open_task_of(case: Case) -> SafetyTask | None:
    """The open safety task of a case."""
    return _open_tasks().filter(case=case).first()


def _open_tasks() -> QuerySet[SafetyTask]:
    return SafetyTask.objects.filter(closed_at=None).select_related(
        "case", "opened_by", "raised_by"
    )


def raised_for(therapist: User) -> list[SafetyTask]:
    """Open safety tasks that somebody else raised last, the latest first.

    Those of one therapist's cases and of whom they stand in for, and of cases whose therapist no
    longer works in the clinic.
    """
    return _RAISED_FOR.rows(therapist=therapist.pk, therapists=looked_after_by(therapist))


_RAISED_FOR = Compiled(
    lambda therapists: (
        _open_tasks()
        .filter(Q(case__therapist__id__in=therapists) | ~THERAPIST_WORKS_HERE)
        .exclude(raised_by=Given("therapist", User._meta.get_field("id")))
        .order_by("-raised_at")
    ),
    therapists=User._meta.get_field("id"),
)


def closed_tasks_of(case: Case) -> QuerySet[SafetyTask]:
    """The closed safety tasks of a case, newest first."""
    closed = SafetyTask.objects.filter(case=case).exclude(closed_at=None)
    return closed.select_related("closed_by").order_by("-pk")


def decisions_of(case: Case) -> QuerySet[Decision]:
    """The recorded decisions of a case, newest first."""
    return _decisions().filter(case=case)


def _decisions() -> QuerySet[Decision]:
    return Decision.objects.select_related("recorded_by").order_by("-number")


def decisions_to_list(case: Case) -> list[Decision]:
    """The same for a page of the case as it is now: what only a decision's own page shows stays in
    the database."""
    return _TO_LIST.rows(case=case.pk)


_TO_LIST = Compiled(
    lambda: _decisions().filter(case=OF_CASE).defer("outcome", "cited", "questioned")
)


# All answers of a case in one column of its row: read with it, and in a quarter of the time

_NAMES = ("id", "question", "edition", "assessed_on", "version", "saved_at", "saved_by")
_OBJECTS = Stored(
    Answer,
    (
        *("clinic_id", "case_id", "id", "question", "edition", "assessed_on", "version"),
        *("saved_at", "saved_by_id", "value"),
    ),
)


class _Gathered(Aggregate):
    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same by the name that SQLite has for it."""
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def answers_of_each_case() -> Subquery:
    """For a query of cases: what `answers_in` reads. Null where there is none.

    Not for a query that locks its rows: it would wait for them, and show answers of before.
    """
    of_case = Answer.objects.filter(case=OuterRef("pk")).order_by()
    row = JSONArray(*_NAMES, Cast("value", TextField()))
    return Subquery(of_case.values("case").annotate(rows=_Gathered(row)).values("rows"))


def answers_in(case: Case, rows: list[list[Any]] | None) -> Iterator[Answer]:
    """The answers of a case, from what its row says of them."""
    for number, question, edition, day, version, moment, person, value in rows or ():
        yield _OBJECTS.of(
            (
                *(case.clinic_id, case.pk, number, question, edition),
                *(date.fromisoformat(day), version, _moment(moment), _person(person)),
                None if value is None else json.loads(value),
            )
        )


def _moment(text: str) -> datetime:
    """SQLite keeps moments in UTC without saying so."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_person = lru_cache(maxsize=1024)(UUID)
