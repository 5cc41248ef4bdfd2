"""Signed letters that print a plan of days which was changed or withdrawn since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from decisions.cases.models import Case
from decisions.documents.plan.in_words import BLOCK
from decisions.letters.models import Letter
from decisions.letters.queries import standing_letters_of
from kapnet.core.compiled import Compiled


@dataclass(frozen=True)
class OlderPlan:
    """That a letter prints an older plan: when the plan was changed, and whether there is one."""

    letter: Letter
    changed_at: datetime
    is_withdrawn: bool


def with_older_plans(letters: Iterable[Letter]) -> list[Letter]:
    """The same letters, each with `older_plan`: an OlderPlan, or None where it prints the plan of
    today or none. One query for all of them."""
    rows = list(letters)
    found = _printing_older({one.pk: one for one in rows if one.is_signed})
    for one in rows:
        one.older_plan = found.get(one.pk)  # type: ignore[attr-defined]
    return rows


def older_plans_of(case: Case) -> tuple[OlderPlan, ...]:
    """The letters of a case that no other replaces and that print an older plan."""
    standing = {one.pk: one for one in standing_letters_of(case)}
    return tuple(_printing_older(standing).values())


def _printing_older(letters: Mapping[UUID, Letter]) -> dict[UUID, OlderPlan]:
    """A plan is stored again only when it changes, so that its time tells which letters are older.

    Content is read of those alone.
    """
    return {
        row.pk: OlderPlan(
            letter=letters[row.pk],
            changed_at=row.case__plan__saved_at,
            is_withdrawn=row.case__plan__is_withdrawn,
        )
        for row in _CHANGED.rows(letters=letters)
        if _prints_a_plan(row.content or {})
    }


_CHANGED: Compiled[Any] = Compiled(
    lambda letters: (
        Letter.objects.filter(id__in=letters, case__plan__saved_at__gt=F("signed_at"))
        .order_by("-year", "-sequence")
        .values_list(
            "pk", "content", "case__plan__saved_at", "case__plan__is_withdrawn", named=True
        )
    ),
    letters=Letter._meta.get_field("id"),
)


def _prints_a_plan(content: Mapping[str, Any]) -> bool:
    """Whether a block with a plan is anywhere in a letter."""
    parts = (part for part in content.values() if isinstance(part, list))
    return any(isinstance(one, dict) and one.get("id") == BLOCK for part in parts for one in part)
