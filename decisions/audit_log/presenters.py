"""The audit log as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.paginator import Page
from django.http import QueryDict

from decisions.audit_log.queries import (
    case_numbers,
    letter_numbers,
    people_named,
    programs_named,
)
from decisions.audit_log.sentences import sentence
from decisions.cases.safety.sources import BY_LINK, OF_LINK
from kapnet.core.audit.models import Event

NOBODY = "nobody signed in"


@dataclass(frozen=True)
class EventRow:
    """One event, or several alike in a row, and what was done as a sentence.

    event: the newest of them; first: the earliest. program: the name of one that called.
    """

    event: Event
    words: str
    first: Event
    times: int = 1
    program: str = ""

    def is_like(self, other: EventRow) -> bool:
        """Whether the same person did the same to the same, with the same outcome."""
        return self._what == other._what

    @property
    def _what(self) -> tuple[object, ...]:
        one = self.event
        about = one.case_id or one.object_id
        return self.words, one.actor_id, self.program, about, one.outcome, one.reason

    @property
    def who(self) -> str:
        """Who did it: a person with an account, a program, a patient by a link, or a visitor."""
        if self.event.actor is not None:
            return str(self.event.actor)
        if self.program:
            return f"the program {self.program}"
        return BY_LINK if self.event.reason.startswith(OF_LINK) else NOBODY


def present_audit_log(page: Page[Event], *, asked: QueryDict) -> dict[str, object]:
    """The rows of a page. asked: the filters, for the addresses of other pages and of files."""
    cases, letters, people = case_numbers(page), letter_numbers(page), people_named(page)
    programs = programs_named(page)
    rows = [
        EventRow(
            one,
            sentence(
                one,
                case=cases.get(one.case_id) if one.case_id else None,
                letter=letters.get(one.object_id, ""),
                person=people.get(one.object_id, ""),
            ),
            first=one,
            program=programs.get(one.reference, ""),
        )
        for one in page
    ]
    return {
        "page": page,
        "rows": _together(rows),
        "asked": asked.urlencode(),
        "is_filtered": any(asked.values()),
    }


def _together(rows: list[EventRow]) -> list[EventRow]:
    shown: list[EventRow] = []
    for row in rows:
        if shown and shown[-1].is_like(row):
            shown[-1] = replace(shown[-1], first=row.event, times=shown[-1].times + 1)
        else:
            shown.append(row)
    return shown
