"""The course of a case as its page shows it: led, chosen, given, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from decisions.cases.models import Decision
from decisions.documents.words.outcome_words import outcome_words
from decisions.documents.words.reading import result_words
from decisions.follow_up.courses.in_words import is_shown, say_before, say_lasting, say_window
from decisions.follow_up.courses.models import AdverseEvent, Course
from decisions.follow_up.courses.queries import Record
from decisions.rules.outcomes.change import MEASURES, WINDOWS
from decisions.rules.outcomes.courses import CourseResult
from kapnet.core.web.days import say_day


@dataclass(frozen=True)
class DecisionView:
    """A recorded decision: what led by the rules, and what was chosen."""

    decision: Decision
    led: str
    chosen: str


@dataclass(frozen=True)
class DayLine:
    """One fixed day of a course, with a sentence for each instrument."""

    day: int
    says: tuple[str, ...]


@dataclass(frozen=True)
class EventView:
    """Something that went wrong, by its name."""

    event: AdverseEvent
    name: str


@dataclass(frozen=True)
class CourseView:
    """One course with the decision that it follows. days: none while it has not begun."""

    course: Course
    decision: DecisionView | None
    given: str
    before: tuple[str, ...]
    days: tuple[DayLine, ...]
    lasting: str
    events: tuple[EventView, ...]


@dataclass(frozen=True)
class CoursePage:
    """The newest course first. loose: decisions that no course follows, newest first."""

    courses: tuple[CourseView, ...]
    loose: tuple[DecisionView, ...]
    no_decision: str


def present_course_page(
    record: Record, decisions: Sequence[Decision], kinds: Mapping[str, str]
) -> CoursePage:
    """kinds: how adverse events are called, by the name under which they are kept."""
    by_key = {one.pk: present_decision(one) for one in decisions}
    views = tuple(_course(record, one, by_key, kinds) for one in reversed(record.courses))
    followed = {one.decision.decision.pk for one in views if one.decision}
    loose = tuple(one for key, one in reversed(by_key.items()) if key not in followed)
    return CoursePage(views, loose, outcome_words().path.no_decision)


def present_decision(decision: Decision) -> DecisionView:
    """What led, as the edition of the decision calls it, and what was chosen."""
    options = result_words(decision.edition).options
    return DecisionView(decision, _led(decision.outcome, options), options[decision.chosen])


def _led(outcome: Mapping[str, Any], options: Mapping[str, str]) -> str:
    words = outcome_words().path
    if outcome["leading"]:
        return ", ".join(options[one] for one in outcome["leading"])
    close = ", ".join(options[one] for one in outcome["close"])
    return words.close.format(options=close) if close else words.none


def _course(
    record: Record,
    course: Course,
    decisions: Mapping[UUID, DecisionView],
    kinds: Mapping[str, str],
) -> CourseView:
    results = [record.result(course, one) for one in MEASURES.values()]
    shown = [one for one in results if one is not None and is_shown(one)]
    phq9, first = results[0], course.first_session_on
    return CourseView(
        course=course,
        decision=decisions.get(course.decision_id) if course.decision_id else None,
        given=say_given(course),
        before=tuple(_before(course, shown or _first(results))),
        days=tuple(_days(record, course, shown or _first(results))),
        lasting=say_lasting(phq9, first) if phq9 and first else "",
        events=tuple(
            EventView(one, kinds.get(one.kind, one.kind))
            for one in record.events
            if one.course_id == course.pk
        ),
    )


def _first(results: Sequence[CourseResult | None]) -> list[CourseResult]:
    """Where nothing is known, the PHQ-9 says so."""
    return [one for one in results[:1] if one is not None]


def _before(course: Course, results: Sequence[CourseResult]) -> Iterator[str]:
    if course.first_session_on is not None:
        for one in results:
            yield from say_before(one, course.first_session_on)


def _days(record: Record, course: Course, results: Sequence[CourseResult]) -> Iterator[DayLine]:
    if course.first_session_on is None:
        return
    for at, window in enumerate(WINDOWS):
        yield DayLine(
            window.day,
            tuple(
                dict.fromkeys(
                    say_window(
                        one,
                        one.windows[at],
                        course.first_session_on,
                        record.end,
                        today=record.today,
                    )
                    for one in results
                )
            ),
        )


def say_given(course: Course) -> str:
    """From when to when, and how many sessions."""
    words = outcome_words().path
    if course.first_session_on is None:
        return words.not_begun
    first = say_day(course.first_session_on)
    if course.last_session_on is None:
        said = words.given_open.format(first=first)
    else:
        said = words.given.format(first=first, last=say_day(course.last_session_on))
    if course.sessions is None:
        return said
    return f"{said}, {words.sessions.say(course.sessions)}"
