"""The plan of days in words: for its page and for the annex of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time

from decisions.documents.letter.blocks import Block, Paragraph, Table
from decisions.documents.letter.phrasing import say_date
from decisions.documents.plan.conflicts import PlanFinding, PlanWords, unknown_parts
from decisions.documents.plan.schedule import PlanAsked, Planned, Visit
from evidence.domain.entries import Source

BLOCK = "plan"


def compose_plan(
    *,
    asked: PlanAsked,
    planned: Planned,
    findings: Iterable[PlanFinding],
    words: PlanWords,
    ended: Mapping[str, str],
) -> Block:
    """The block of the annex: days by month, how it is arranged, and what speaks about it.

    ended: source -> what a sentence that rests on it says, once its last day is past.
    """
    texts = (
        words.words["annex"].format(custom=words.custom),
        *(say_rows(asked, planned, words)),
        *arrangements(asked, planned, words),
        *(say_finding(one, words, ended) for one in findings),
    )
    return Block(
        id=BLOCK,
        heading=words.words["heading"],
        paragraphs=tuple(Paragraph(text=text) for text in texts),
        table=_months(planned, words),
    )


def say_rows(asked: PlanAsked, planned: Planned, words: PlanWords) -> tuple[str, ...]:
    """Each treatment in one sentence: its sessions, from when to when, and at what time."""
    said = []
    for name in ("tms", "taper", "ketamine"):
        visits = [one for one in planned.visits if one.treatment == name]
        if visits:
            said.append(_treatment(asked, visits, words))
    return tuple(said) or (words.words["no_days"],)


def _treatment(asked: PlanAsked, visits: list[Visit], words: PlanWords) -> str:
    return words.words["treatment"].format(
        treatment=name_of(asked, visits[0], words),
        sessions=count_sessions(visits, words),
        first=say_date(visits[0].day),
        last=say_date(visits[-1].day),
        time=say_time(visits[0].at, words),
    )


def name_of(asked: PlanAsked, visit: Visit, words: PlanWords) -> str:
    """The treatment of a visit by its name."""
    route = words.routes.get(asked.ketamine_route) or words.words["route_not_known"]
    return words.treatments[visit.treatment].format(route=route)


def count_sessions(visits: Iterable[Visit], words: PlanWords) -> str:
    """How many sessions these visits have, in words."""
    count = sum(one.sessions for one in visits)
    return words.words["one_session" if count == 1 else "sessions"].format(count=count)


def say_time(at: time | None, words: PlanWords) -> str:
    """A time of day as 09:30, or that it is not known."""
    return f"{at:%H:%M}" if at else words.words["not_known"]


def arrangements(asked: PlanAsked, planned: Planned, words: PlanWords) -> tuple[str, ...]:
    """What was moved and why, who watches, and what is not known. No study supports these."""
    return tuple(_arrangements(asked, planned, words))


def _arrangements(asked: PlanAsked, planned: Planned, words: PlanWords) -> Iterator[str]:
    said, first = words.words, asked.tms_first_day
    if planned.tms and first and planned.tms[0].day != first:
        yield said["first_moved"].format(day=say_date(planned.tms[0].day), asked=say_date(first))
    if planned.passed_over:
        yield said["passed_over"].format(days=say_days(planned.passed_over))
    if planned.kept_apart:
        yield said["kept_apart"].format(days=say_days(planned.kept_apart))
    closed = [one.day for one in planned.ketamine if one.day in asked.closed_days]
    if closed:
        yield said["on_closed"].format(days=say_days(closed))
    if planned.ketamine:
        driver = said[f"driver_{asked.driver}"] if asked.driver else said["not_known"]
        yield said["who"].format(watcher=asked.watcher or said["not_known"], driver=driver)
    if unknown := unknown_parts(asked):
        yield said["still_unknown"].format(parts="; ".join(words.unknown[one] for one in unknown))


def say_finding(finding: PlanFinding, words: PlanWords, ended: Mapping[str, str]) -> str:
    """A finding with what of it has ended, its sources, their certainty and how they were read."""
    said = words.words
    past = next((f" ({ended[one.key]})" for one in finding.sources if one.key in ended), "")
    sources = "; ".join(say_source(one, words) for one in finding.sources) or said["no_source"]
    text = say_rule(finding, words) + past
    return f"{said[finding.rule.kind]} {text} {said['cited'].format(sources=sources)}".strip()


def say_rule(finding: PlanFinding, words: PlanWords) -> str:
    """The sentence of a finding with its days."""
    return finding.rule.says.format(days=say_days(finding.days))


def say_source(source: Source, words: PlanWords) -> str:
    """A source with its certainty and how far it was read."""
    return words.words["source"].format(
        label=source.label,
        certainty=words.certainty[source.certainty or "none"],
        verified=words.verified[source.verified],
    )


def say_days(days: Iterable[date]) -> str:
    """Days by month: 1, 2, 5 December 2026; 3 January 2027."""
    return "; ".join(f"{numbers} {month}" for month, numbers in _by_month(days).items())


def _by_month(days: Iterable[date]) -> dict[str, str]:
    months: dict[str, list[str]] = {}
    for day in days:
        months.setdefault(f"{day:%B %Y}", []).append(str(day.day))
    return {month: ", ".join(numbers) for month, numbers in months.items()}


def _months(planned: Planned, words: PlanWords) -> Table | None:
    if not planned.visits:
        return None
    tms = _by_month(one.day for one in planned.tms)
    ketamine = _by_month(one.day for one in planned.ketamine)
    none = words.words["no_month"]
    rows = [
        (month, tms.get(month, none), ketamine.get(month, none))
        for month in _by_month(one.day for one in planned.visits)
    ]
    return Table(columns=words.columns["months"], rows=tuple(rows))
