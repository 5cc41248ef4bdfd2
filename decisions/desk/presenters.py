"""The queue as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page

from decisions.desk.forms import FilterForm
from decisions.desk.models import Export, Status
from decisions.desk.queries import count_by_status, count_overdue
from decisions.desk.replies.queries import count_waiting
from decisions.letters.checking.older_plans import with_older_plans
from decisions.letters.models import Letter
from decisions.letters.signer_tasks.tasks import are_letters_affected


@dataclass(frozen=True)
class StatusCount:
    """How many letters are in a state."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class DeskRow:
    """One letter of the queue."""

    letter: Letter
    is_overdue: bool

    @property
    def can_be_exported(self) -> bool:
        """Whether it may still leave: a letter that another replaces may not."""
        return not getattr(self.letter, "is_replaced", False)


def present_queue(
    page: Page[UUID], letters: list[Letter], form: FilterForm, *, asked: str, today: date
) -> dict[str, object]:
    """The context of the queue. asked: what was asked for, as a query string."""
    counts = count_by_status()
    return {
        "page": page,
        "rows": [_row(one, today) for one in with_older_plans(letters)],
        "form": form,
        "asked": asked,
        "is_filtered": any(form.data.get(name) for name in form.fields),
        "counts": [StatusCount(one.value, str(one.label), counts.get(one, 0)) for one in Status],
        "overdue": count_overdue(today),
        "to_confirm": count_waiting(),
        "has_withdrawn": are_letters_affected(),
        "kinds": Export.Kind.choices,
    }


def _row(letter: Letter, today: date) -> DeskRow:
    delivery = letter.delivery
    due = delivery.due_on
    return DeskRow(letter, bool(due and due < today and delivery.status != Status.DONE))
