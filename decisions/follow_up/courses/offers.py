"""What the record of a patient offers as answers. A person takes it over, or does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Case
from decisions.cases.proposals import Offer
from decisions.documents.words.outcome_words import outcome_words
from decisions.follow_up.assessments.models import Assessment, Instrument
from decisions.follow_up.courses.models import Course
from decisions.follow_up.courses.queries import Record, record_of
from decisions.rules.outcomes.change import PHQ9, Lasting
from decisions.rules.outcomes.courses import whole_months
from kapnet.core.web.days import say_day

BENEFIT, SESSIONS = "tms_benefit_months", "tms_last_sessions"
NEW_FOR = timedelta(days=14)
"""So long a form says how the patient is now: it asks about two weeks."""
MOST_EPISODES = 12
"""Earlier episodes of one patient that are looked at."""


def offer(file: CaseFile, question_id: str) -> Offer | None:
    """The newest form, or what is known of courses of TMS; None where that is nothing new."""
    if question_id in Instrument.values:
        return _newest_form(file, question_id)
    if question_id not in (BENEFIT, SESSIONS) or file.answers.is_known(question_id):
        return None
    given = list(_tms(file.case))
    return _benefit(given) if question_id == BENEFIT else _sessions(given)


def _newest_form(file: CaseFile, instrument: str) -> Offer | None:
    """A complete form of these two weeks that is newer than the answer."""
    forms = Assessment.objects.filter(
        case=file.case,
        instrument=instrument,
        voided_at=None,
        total__isnull=False,
        taken_on__gte=timezone.localdate() - NEW_FOR,
    )
    newest = forms.order_by("-taken_on", "-authored_at").first()
    answered_on = file.assessed_on(instrument)
    if newest is None or (answered_on is not None and answered_on >= newest.taken_on):
        return None
    why = outcome_words().offers.form.format(date=say_day(newest.taken_on))
    return Offer(plain_form(newest), newest.taken_on, why)


def plain_form(form: Assessment) -> dict[str, object]:
    """A complete form as the plain answer of its question."""
    if form.items is not None:
        return {"items": list(form.items)}
    plain: dict[str, object] = {"total": form.total}
    return plain if form.item9 is None else {**plain, "item9": form.item9}


@dataclass(frozen=True)
class Given:
    """A course of TMS that began, and how long it helped. left: of the score before, at best."""

    course: Course
    first: date
    lasting: Lasting | None
    left: float


def _tms(case: Case) -> Iterator[Given]:
    """The courses of TMS of a patient, beside the forms of this case and of those before it."""
    record = _record_of_episodes(case)
    for course in record.begun:
        if course.option == Course.Option.REPEAT_TMS and course.first_session_on:
            yield _given(record, course, course.first_session_on)


def _record_of_episodes(case: Case) -> Record:
    """The record of a case and of those that it was copied from: a relapse is known in the next."""
    today, before = timezone.localdate(), case.copied_from
    records = [record_of(case, today=today)]
    while before is not None and len(records) < MOST_EPISODES:
        records.append(record_of(before, today=today))
        before = before.copied_from
    courses = [one for each in records for one in each.begun]
    return Record(
        courses=tuple(sorted(courses, key=lambda one: one.first_session_on or today)),
        forms=tuple(one for each in records for one in each.forms),
        events=(),
        end=None,
        today=today,
    )


def _given(record: Record, course: Course, first: date) -> Given:
    result = record.result(course, PHQ9)
    if result is None or result.baseline is None or not result.is_eligible:
        return Given(course, first, None, 1.0)
    starts = [one.first_session_on for one in record.begun if one.first_session_on]
    ahead = min(((one - first).days for one in starts if one > first), default=None)
    own = [
        one.change.after
        for one in result.windows
        if one.change and one.reading and (ahead is None or one.reading.day < ahead)
    ]
    best = min(own, default=result.baseline.total)
    return Given(course, first, result.lasting, best / result.baseline.total)


def _benefit(given: list[Given]) -> Offer | None:
    """Of the course that helped most: from its end, or a response after it, to its relapse."""
    helped = [one for one in given if one.lasting]
    most = min(helped, key=lambda one: (one.left, one.first), default=None)
    if most is None or most.lasting is None or most.lasting.relapse is None:
        return None
    last = most.course.last_session_on
    response, relapse = (
        most.first + timedelta(days=day) for day in (most.lasting.since, most.lasting.relapse)
    )
    if last is None or relapse < last:
        return None
    days = {"last": say_day(last), "since": say_day(response), "date": say_day(relapse)}
    why = outcome_words().offers.benefit.format(**days)
    return Offer(whole_months(max(last, response), relapse), None, why)


def _sessions(given: list[Given]) -> Offer | None:
    if not given or given[-1].course.sessions is None:
        return None
    why = outcome_words().offers.sessions.format(date=say_day(given[-1].first))
    return Offer(given[-1].course.sessions, None, why)
