"""The courses of one option in one clinic as rows to count: no name, no date, no id of a case."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from decisions.cases.models import Answer, Case, Decision
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.models import AdverseEvent, Course, FollowUpEnd
from decisions.rules.outcomes.change import WINDOWS, Form, Start, readings_beside
from decisions.rules.outcomes.cohort import Row
from kapnet.core.people.models import Clinic

AGE = "age_years"
AGE_BANDS = ((0, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 130))
AGE_NOT_KNOWN = "not known"
TREATED_WITHIN = 98
"""Days after the first session within which another course is another treatment beside it."""


@dataclass(frozen=True)
class Asked:
    """What is counted: the first sessions of one option, and up to which day."""

    clinic: Clinic
    option: str
    first: date
    last: date
    cut_off: date


@dataclass(frozen=True)
class Begun:
    """A course that began. person: the first case of the patient's episodes."""

    id: UUID
    case: UUID
    person: UUID
    option: str
    start: Start
    last: date | None
    state: str
    decision: UUID | None


@dataclass(frozen=True)
class Collected:
    """The rows in no order, and how many courses are of people who are in another row."""

    rows: list[Row]
    again: int


def collect(asked: Asked) -> Collected:
    """Read everything once, then make the rows: nine queries, whatever their number."""
    copied = _copied(asked)
    begun = _begun(asked, copied)
    within = [
        one
        for one in begun
        if one.option == asked.option and asked.first <= one.start.day <= asked.last
    ]
    people: dict[UUID, Begun] = {}
    for one in within:
        people.setdefault(one.person, one)
    beside = _Beside.read(asked, begun, within, copied)
    rows = [_row(asked, one, beside) for one in people.values()]
    secrets.SystemRandom().shuffle(rows)
    return Collected(rows, len(within) - len(people))


def _copied(asked: Asked) -> dict[UUID, UUID]:
    """The first case of a patient, by each later episode that was copied from it."""
    copies = Case.objects.filter(clinic=asked.clinic).exclude(copied_from=None)
    before = dict(copies.values_list("pk", "copied_from_id"))
    return {case: _root(case, before) for case in before}


def _root(case: UUID, before: Mapping[UUID, UUID]) -> UUID:
    while case in before:
        case = before[case]
    return case


def _begun(asked: Asked, copied: Mapping[UUID, UUID]) -> list[Begun]:
    found = Course.objects.filter(clinic=asked.clinic, first_session_on__lte=asked.cut_off)
    rows = found.order_by("first_session_on", "made_at", "pk").values_list(
        *("id", "case_id", "option", "first_session_on", "first_session_noted_at"),
        *("last_session_on", "state", "decision_id"),
    )
    return [
        Begun(key, case, copied.get(case, case), option, Start(first, noted), last, state, decision)
        for key, case, option, first, noted, last, state, decision in rows
    ]


@dataclass
class _Beside:
    """What is known of each person, in whichever episode it was entered; ages by case."""

    copied: Mapping[UUID, UUID]
    forms: dict[tuple[UUID, str], list[Form]] = field(default_factory=lambda: defaultdict(list))
    item9: dict[UUID, list[tuple[date, datetime, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    courses: dict[UUID, list[Begun]] = field(default_factory=lambda: defaultdict(list))
    ages: dict[UUID, object] = field(default_factory=dict)
    ends: dict[UUID, tuple[str, date]] = field(default_factory=dict)
    serious: Counter[UUID] = field(default_factory=Counter)
    decisions: dict[UUID, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        asked: Asked,
        begun: Sequence[Begun],
        within: Sequence[Begun],
        copied: Mapping[UUID, UUID],
    ) -> _Beside:
        """All of it, in a query for each kind. within: the courses of the period."""
        beside = cls(copied)
        cases = Course.objects.filter(
            clinic=asked.clinic,
            option=asked.option,
            first_session_on__range=(asked.first, asked.last),
        )
        of_cases = {"case__in": cases.values("case_id")}
        for one in begun:
            beside.courses[one.person].append(one)
        people = {one.person for one in within}
        episodes = people.intersection(copied.values())
        episodes |= {case for case, person in copied.items() if person in people}
        beside._read_forms(asked, Q(**of_cases) | Q(case__in=episodes))
        beside.ages.update(
            Answer.objects.filter(question=AGE, **of_cases).values_list("case_id", "value")
        )
        ends = FollowUpEnd.objects.filter(
            clinic=asked.clinic, voided_at=None, ended_on__lte=asked.cut_off
        ).order_by("ended_on", "pk")
        beside.ends.update(
            (copied.get(case, case), (kind, day))
            for case, kind, day in ends.values_list("case", "kind", "ended_on")
        )
        events = dict(_serious(asked))
        for one in within:
            beside.serious[one.person] += events.get(one.id, 0)
        beside.decisions.update(_decisions(cases))
        return beside

    def _read_forms(self, asked: Asked, of_cases: Q) -> None:
        forms = Assessment.objects.filter(
            of_cases, clinic=asked.clinic, voided_at=None, taken_on__lte=asked.cut_off
        ).filter(Q(total__isnull=False) | Q(item9__isnull=False))
        values = ("case_id", "instrument", "taken_on", "authored_at", "total", "item9")
        for case, name, day, at, total, item9 in forms.order_by().values_list(*values):
            person = self.copied.get(case, case)
            if total is not None:
                self.forms[person, name].append(Form(day, at, total))
            if item9 is not None:
                self.item9[person].append((day, at, item9))


def _serious(asked: Asked) -> Iterator[tuple[UUID, int]]:
    events = AdverseEvent.objects.filter(
        clinic=asked.clinic,
        course__option=asked.option,
        is_serious=True,
        voided_at=None,
        happened_on__lte=asked.cut_off,
    )
    yield from events.order_by().values_list("course").annotate(count=Count("pk"))


def _decisions(courses: Any) -> Iterator[tuple[UUID, tuple[str, str]]]:
    found = Decision.objects.filter(pk__in=courses.exclude(decision=None).values("decision_id"))
    values = found.values_list("pk", "chosen", "outcome__leading", "outcome__close")
    for key, chosen, leading, close in values:
        yield key, (leading[0] if leading else "close" if close else "none", chosen)


def _row(asked: Asked, course: Begun, beside: _Beside) -> Row:
    start = course.start
    phq9, gad7 = (
        readings_beside(start, beside.forms.get((course.person, name), ()))
        for name in ("phq9", "gad7")
    )
    others = [one for one in beside.courses[course.person] if one.id != course.id]
    ended = beside.ends.get(course.person)
    led, chosen = beside.decisions.get(course.decision, ("", "")) if course.decision else ("", "")
    return Row(
        row=secrets.token_hex(8),
        age_band=_age_band(beside.ages.get(course.case)),
        days=_days_over((asked.cut_off - start.day).days),
        phq9_before=tuple((one.day, one.total) for one in phq9 if one.is_before),
        phq9_after=tuple((one.day, one.total) for one in phq9 if not one.is_before),
        gad7_before=tuple((one.day, one.total) for one in gad7 if one.is_before),
        gad7_after=tuple((one.day, one.total) for one in gad7 if not one.is_before),
        next_course=_next(start, others),
        another_treatment=any(_is_beside(course, one, asked.cut_off) for one in others),
        state=course.state,
        ended=ended[0] if ended else "",
        ended_day=(ended[1] - start.day).days if ended else None,
        serious_events=beside.serious[course.person],
        new_item9=_has_new_item9(start, beside.item9.get(course.person, ())),
        led=led,
        chosen=chosen,
    )


def _days_over(days: int) -> int:
    """No more than which fixed days are over: the exact number would tell the date."""
    return max((one.last + 1 for one in WINDOWS if days > one.last), default=0)


def _age_band(years: object) -> str:
    if not isinstance(years, int):
        return AGE_NOT_KNOWN
    return next((f"{low}-{high}" for low, high in AGE_BANDS if low <= years <= high), AGE_NOT_KNOWN)


def _next(start: Start, others: Sequence[Begun]) -> int | None:
    later = [(one.start.day - start.day).days for one in others if one.start.day > start.day]
    return min(later, default=None)


def _is_beside(course: Begun, other: Begun, cut_off: date) -> bool:
    """Whether both were under way at one time, within the days that count."""
    begins = (other.start.day - course.start.day).days
    ends = ((other.last or cut_off) - course.start.day).days
    return begins <= TREATED_WITHIN and ends >= 0


def _has_new_item9(start: Start, forms: Sequence[tuple[date, datetime, int]]) -> bool:
    """Whether item 9 was higher at a form after the first session than at the last one before."""
    before, highest = 0, 0
    for one in readings_beside(start, (Form(*form) for form in forms)):
        if one.is_before:
            before = one.total
        else:
            highest = max(highest, one.total)
    return highest > before
