"""The state of the letter of a case, for its page, the work list and the decision page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from decisions.cases.models import Case
from decisions.desk.models import Status
from decisions.desk.replies.queries import waiting_replies
from decisions.letters.models import Letter
from kapnet.core.compiled import Compiled
from kapnet.core.people.one_place import CountOf

ANSWERED = frozenset({Status.ACCEPTED, Status.DECLINED, Status.APPOINTMENT, Status.DONE})
"""Where the recipient has said something."""


@dataclass(frozen=True)
class LetterStanding:
    """The newest letter of a case that no other replaces."""

    number: str
    url: str
    decision: int
    """Number of the decision that it is about."""
    is_signed: bool
    status: str
    """Of its delivery; empty of a draft."""
    waiting_replies: int = 0
    """How many came by its link and are not confirmed."""

    @property
    def word(self) -> str:
        """Its state, in words."""
        if self.status:
            return str(Status(self.status).label)
        return str(Letter.Status.SIGNED.label if self.is_signed else Letter.Status.DRAFT.label)

    @property
    def is_answered(self) -> bool:
        """Whether the recipient has answered."""
        return self.status in ANSWERED

    @property
    def is_on_its_way(self) -> bool:
        """Whether it was sent and nobody has answered yet."""
        return self.status in {Status.SENT, Status.RECEIVED}


def letter_standing(case: Case) -> LetterStanding | None:
    """Of one case."""
    return letters_standing([case.pk]).get(case.pk)


_COLUMNS = (
    *("pk", "case_id", "year", "sequence", "status"),
    *("decision__number", "delivery__status", "waiting_replies"),
)


def letters_standing(case_ids: Sequence[UUID]) -> Mapping[UUID, LetterStanding]:
    """Case -> its newest letter: one query for all of them."""
    return {row["case_id"]: _standing(row) for row in _STANDING.rows(case_ids=case_ids)}


def _columns_of_letters(case_ids: Any) -> QuerySet[Letter, dict[str, Any]]:
    """Of those that no other replaces, the newest last."""
    found: QuerySet[Letter, dict[str, Any]] = (
        Letter.objects.filter(case__id__in=case_ids)
        .exclude(corrections__status=Letter.Status.SIGNED)
        .annotate(waiting_replies=CountOf(waiting_replies()))
        .order_by("year", "sequence")
        .values(*_COLUMNS)
    )
    return found


_STANDING = Compiled(_columns_of_letters, case_ids=Case._meta.get_field("id"))


def _standing(row: Mapping[str, Any]) -> LetterStanding:
    letter = Letter(year=row["year"], sequence=row["sequence"])
    return LetterStanding(
        number=letter.number,
        url=reverse("letters:letter", args=[row["case_id"], row["pk"]]),
        decision=row["decision__number"],
        is_signed=row["status"] == Letter.Status.SIGNED,
        status=row["delivery__status"] or "",
        waiting_replies=row["waiting_replies"],
    )
