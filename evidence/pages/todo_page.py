"""The page of what is left to do: what it reads, and how it reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.urls import reverse

from evidence.curation.models import Change
from evidence.curation.waiting import Waiting, sent_back, to_review, with_last_steps
from evidence.domain.terms import EntryKind
from evidence.hook_points import TO_DO
from evidence.models import Source
from evidence.queries import current_release_name, evidence_in_rows
from evidence.todo import ToDo, ToDoKind, todo
from kapnet.core.people.models import User

HEADINGS = {
    ToDoKind.RULE_WITHOUT_SUPPORT: "Rules left without support",
    ToDoKind.RETRACTION_CHECK: "Checks for retractions",
    ToDoKind.ENDING: "Rules that end on a known day",
    ToDoKind.GUIDE: "Sentences of the guide",
    ToDoKind.SHEET: "The patient’s sheet: it cannot be printed",
    ToDoKind.ODD_NUMBER: "Odd numbers",
    ToDoKind.DOUBT: "Doubts",
    ToDoKind.UNVERIFIED: "Read by nobody",
    ToDoKind.UNGRADED: "Without a certainty",
    ToDoKind.OVERDUE: "Overdue reviews",
}

WHAT_TO_DO = {
    ToDoKind.RULE_WITHOUT_SUPPORT: "Find a source for it, or have the rule changed.",
    ToDoKind.RETRACTION_CHECK: "Read the notice, and withdraw what was retracted. "
    "A check that could not be made says nothing: repeat it.",
    ToDoKind.ENDING: "Look up what holds after that day before it is there.",
    ToDoKind.GUIDE: "Fix evidence/guide/guide.yaml with the next version of the program.",
    ToDoKind.SHEET: "Fix sheet.yaml of the edition with the next version of the program. "
    "It stays on its page, with the reason, and cannot be printed until then.",
    ToDoKind.ODD_NUMBER: "Compare it with the source. If it is so printed, leave it as it is.",
    ToDoKind.DOUBT: "Look it up; once it is settled, take the doubt out of the entry.",
    ToDoKind.UNVERIFIED: "Read it, and write down what was read.",
    ToDoKind.UNGRADED: "Grade it with reasons where there is something to grade.",
    ToDoKind.OVERDUE: "Check whether it still holds, then set the next date.",
}

OF_CHANGES = {
    "sent-back": (
        "Changes that were sent back to you",
        "Read why, go on writing, then ask for a review again.",
    ),
    "review": (
        "Changes that wait for your review",
        "Read what it does, then approve it or send it back.",
    ),
}
"""By name of the group: its heading, and what to do."""

TRUST = "trust"
SECTIONS = {ToDoKind.ODD_NUMBER: "numbers"}
"""The section of a source's form that a thing to do is about, where it is not its trust."""


@dataclass(frozen=True)
class Line:
    """One thing to do. No url, no link."""

    label: str
    key: str
    sentence: str
    url: str


@dataclass(frozen=True)
class Group:
    """Everything of one kind that is left to do."""

    kind: str
    heading: str
    what_to_do: str
    lines: tuple[Line, ...]


def open_todos(*, today: date) -> tuple[ToDo, ...]:
    """What is left to do about the entries as curators have them now, released or not."""
    evidence = evidence_in_rows(current_release_name())
    return todo(evidence, today=today, taken_up=taken_up(), checks=TO_DO.tellers)


def taken_up() -> dict[str, date]:
    """The day since which each source has been here, by key."""
    first = Source.history.values("key").annotate(first=Min("history_date"))
    return {row["key"]: row["first"].date() for row in first}


def present_todos(todos: Iterable[ToDo]) -> list[Group]:
    """Groups in the order of the list; a kind with nothing left to do has none."""
    lines: dict[ToDoKind, list[Line]] = {}
    for one in todos:
        lines.setdefault(one.kind, []).append(_line(one))
    return [
        Group(kind.value, HEADINGS[kind], WHAT_TO_DO[kind], tuple(of_kind))
        for kind, of_kind in lines.items()
    ]


def changes_waiting(user: User) -> list[Group]:
    """The changes that wait for this person; no group where none does."""
    groups = (
        _of_changes("sent-back", sent_back(user), "sent it back"),
        _of_changes("review", to_review(user), "asks for a review"),
    )
    return [one for one in groups if one.lines]


def _of_changes(kind: str, changes: Iterable[Change], what_was_done: str) -> Group:
    lines = (_line_of_change(one, what_was_done) for one in with_last_steps(changes))
    return Group(kind, *OF_CHANGES[kind], tuple(lines))


def _line_of_change(one: Waiting, what_was_done: str) -> Line:
    said = f"{one.last.by.name} {what_was_done}: {one.last.reason}" if one.last else ""
    url = reverse("curation:change", args=[one.change.pk])
    return Line(label=str(one.change), key=one.change.entry_key, sentence=said, url=url)


def _line(one: ToDo) -> Line:
    url = ""
    if one.entry_kind and one.key:
        url = reverse("curation:entry", args=[one.entry_kind.value, one.key])
        if one.entry_kind is EntryKind.SOURCE:
            url += f"?open={SECTIONS.get(one.kind, TRUST)}"
    return Line(label=one.label, key=one.key or "", sentence=one.sentence, url=url)
