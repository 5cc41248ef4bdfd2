"""What became of a course, in words: each fixed day, and how long a response held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from decisions.documents.words.outcome_words import ChangeWords, outcome_words
from decisions.follow_up.courses.models import FollowUpEnd
from decisions.rules.outcomes.change import Change, Window
from decisions.rules.outcomes.courses import CourseResult, WindowResult, whole_months
from kapnet.core.web.days import say_day


def say_change(change: Change) -> str:
    """Every word that is true of a change."""
    words = outcome_words().words
    return ", ".join(_words_of(change, words))


def _words_of(change: Change, words: ChangeWords) -> Iterator[str]:
    if change.is_response:
        yield words.response
    if change.is_remission:
        yield words.remission
    yield getattr(words, change.reliable.value)


def say_before(result: CourseResult, first: date) -> tuple[str, ...]:
    """The score before treatment, and whether it is too low to be counted in a share."""
    words, before = outcome_words().days, result.baseline
    if before is None:
        return (words.no_before,)
    day = say_day(first + timedelta(days=before.day))
    said = words.before.format(name=result.measure.name, before=before.total, date=day)
    return (said,) if result.is_eligible else (said, words.below)


def say_window(
    result: CourseResult, window: WindowResult, first: date, end: FollowUpEnd | None, *, today: date
) -> str:
    """One fixed day of a course. first: its first session. end: why nobody asks any more."""
    words = outcome_words().days
    last = say_day(first + timedelta(days=window.window.last))
    said = {
        "name": result.measure.name,
        "first": say_day(first + timedelta(days=window.window.first)),
        "last": last,
    }
    if window.reading is None:
        return _without_form(window.window, said, first, end, today=today)
    said |= {
        "after": str(window.reading.total),
        "date": say_day(first + timedelta(days=window.reading.day)),
        "day": str(window.reading.day),
    }
    if window.change is None or result.baseline is None:
        return words.without_before.format(**said)
    said |= {"before": str(result.baseline.total), "words": say_change(window.change)}
    is_open = today <= first + timedelta(days=window.window.last)
    return (words.so_far if is_open else words.assessed).format(**said)


def _without_form(
    window: Window,
    said: dict[str, str],
    first: date,
    end: FollowUpEnd | None,
    *,
    today: date,
) -> str:
    days = outcome_words().days
    last = first + timedelta(days=window.last)
    if end is not None and end.ended_on <= last:
        return days.ended.format(why=end.get_kind_display(), date=say_day(end.ended_on))
    return (days.open if today <= last else days.missing).format(**said)


def say_lasting(result: CourseResult, first: date) -> str:
    """How long the first response held; empty where there was none."""
    words, lasting = outcome_words().days, result.lasting
    if lasting is None:
        return ""
    since = first + timedelta(days=lasting.since)
    if lasting.relapse is not None:
        relapse = first + timedelta(days=lasting.relapse)
        months = words.say_months(whole_months(since, relapse))
        return words.relapse.format(date=say_day(relapse), months=months)
    last = first + timedelta(days=lasting.last_known)
    template = words.held if lasting.is_followed else words.not_followed
    return template.format(since=say_day(since), date=say_day(last))


def is_shown(result: CourseResult | None) -> bool:
    """Whether anything is known by an instrument: else its lines would only say so."""
    return result is not None and (
        result.baseline is not None or any(one.reading for one in result.windows)
    )
