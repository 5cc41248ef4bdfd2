"""The list of cases: searched, filtered, sorted by the database and read a page at a time.

It is sorted by two columns of the case that every change keeps right, so that nothing is computed
for a case that is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextChoices

from decisions.cases.case_file import CaseFile
from decisions.cases.finding.name_index import named, number_in
from decisions.cases.models import Answer, Case, Decision, Urgency
from decisions.cases.queries import cases_with_context, file_with
from kapnet.core.compiled import Compiled
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.queries import looked_after_by

SAFETY_FIRST = 10
"""How many open safety tasks are above each page; a link shows the rest."""


class Show(TextChoices):
    """Which cases are listed; blank for those that are open."""

    ACT_FIRST = "act_first", "Act first"
    UNDECIDED = "undecided", "No decision yet"
    DECIDED = "decided", "Decision recorded"
    CLOSED = "closed", "Closed"
    ALL = "all", "Open and closed"


@dataclass(frozen=True)
class Asked:
    """What a list is asked for. therapist: None for the whole clinic; blank asks nothing."""

    clinic: Clinic
    therapist: User | None = None
    words: str = ""
    show: str = ""


WAITS_HERE = Q(closed_at=None) | Q(urgency=Urgency.OPEN_SAFETY_TASK)
"""A case that is open. Closing hides no safety task that is opened later."""


def cases_asked_for(asked: Asked) -> QuerySet[Case]:
    """The cases that fit: open safety tasks first, then act-first, then the newest change."""
    found = _of(asked).filter(_shown(asked))
    for word in asked.words.split():
        found = found.filter(_fits(word, asked.clinic))
    return found.order_by("-urgency", "-last_change", "-number")


def _of(asked: Asked) -> QuerySet[Case]:
    return Case.objects.filter(therapist=asked.therapist) if asked.therapist else Case.objects.all()


def _shown(asked: Asked) -> Q:
    has_decision = Exists(Decision.objects.filter(case=OuterRef("pk")))
    match asked.show:
        case Show.ACT_FIRST:
            return Q(urgency__gte=Urgency.ACT_FIRST) & WAITS_HERE
        case Show.UNDECIDED:
            return ~Q(has_decision) & WAITS_HERE
        case Show.DECIDED:
            return Q(has_decision) & WAITS_HERE
        case Show.CLOSED:
            return Q(closed_at__isnull=False)
        case Show.ALL:
            return Q()
        case _:
            return Q() if asked.words else WAITS_HERE


def _fits(word: str, clinic: Clinic) -> Q:
    """Cases in whose name or reference a word begins as this one, or with this number."""
    number = number_in(word)
    by_name = named(word, clinic.pk)
    return by_name if number is None else by_name | Q(number=number)


class ListedAnswer(NamedTuple):
    """Of an answer, what a list of cases reads. There are thousands on a page."""

    case_id: UUID
    question: str
    value: Any
    edition: str
    assessed_on: date


def files_of(ids: list[UUID]) -> list[CaseFile]:
    """The files of these cases in this order, each with what its last decision takes forward."""
    found = {case.pk: case for case in _LISTED.rows(ids=ids)}
    rows: dict[UUID, list[ListedAnswer]] = {one: [] for one in ids}
    for row in map(ListedAnswer._make, _LISTED_ANSWERS.rows(ids=ids)):
        rows[row.case_id].append(row)
    read = cast("dict[UUID, list[Answer]]", rows)
    return [file_with(found[one], read[one]) for one in ids if one in found]


def _listed(ids: Any) -> QuerySet[Case]:
    latest = Decision.objects.filter(case=OuterRef("pk")).order_by("-number")
    cases = cases_with_context().annotate(
        last_chosen=Subquery(latest.values("chosen")[:1]),
        last_number=Subquery(latest.values("number")[:1]),
    )
    return cases.filter(pk__in=ids)


_LISTED = Compiled(_listed, ids=Case._meta.get_field("id"))
_LISTED_ANSWERS = Compiled(
    lambda ids: Answer.objects.filter(case__id__in=ids).values_list(*ListedAnswer._fields),
    ids=Case._meta.get_field("id"),
)


def open_safety_tasks(asked: Asked, *, but: list[UUID]) -> QuerySet[Case]:
    """Cases with an open safety task, whatever is searched for, but those on the page.

    With those of colleagues for whom this therapist stands in.
    """
    urgent = Case.objects.filter(urgency=Urgency.OPEN_SAFETY_TASK).exclude(pk__in=but)
    if asked.therapist:
        urgent = urgent.filter(therapist__in=looked_after_by(asked.therapist))
    return urgent.order_by("-last_change")
