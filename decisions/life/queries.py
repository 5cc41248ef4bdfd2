"""Every shared read of the life of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from decisions.cases.actions import AGE
from decisions.cases.models import Answer, Case, SafetyTask
from decisions.cases.queries import therapists_of
from decisions.cases.told import Hold, holds_on
from decisions.life.keeping import born_at_the_latest, kept_until
from decisions.life.models import Deletion, LifeStep
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.queries import looked_after_by

Kind = LifeStep.Kind
DAYS_OF_A_YEAR = 365
"""Of the shortest: what was closed later is not past its time, and is not read."""


def steps_of(case: Case) -> QuerySet[LifeStep]:
    """What happened to a case as a whole, the newest first."""
    people = ("taken_by", "from_therapist", "to_therapist")
    steps = LifeStep.objects.filter(case=case).exclude(kind=Kind.SEEN)
    return steps.select_related(*people).order_by("-pk")


def colleagues_for(case: Case) -> QuerySet[User]:
    """Whom a case can be handed over to: the other therapists of its clinic, by name."""
    others = therapists_of(case.clinic).exclude(pk=case.therapist_id)
    return others.order_by("name", "email")


def handed_to(therapist: User) -> QuerySet[LifeStep]:
    """Handovers of cases that are this person's now, and of which they have not said so."""
    later = LifeStep.objects.filter(
        case=OuterRef("case"), kind__in=(Kind.HANDED_OVER, Kind.SEEN), pk__gt=OuterRef("pk")
    )
    return (
        LifeStep.objects.filter(kind=Kind.HANDED_OVER, to_therapist=therapist)
        .filter(~Exists(later), case__therapist=therapist)
        .select_related("case", "from_therapist", "taken_by")
        .order_by("-pk")
    )


def handed_to_others(therapist: User) -> QuerySet[LifeStep]:
    """Handovers to people for whom this person stands in, who have not seen them themselves."""
    found = LifeStep.objects.none()
    for other in User.objects.filter(pk__in=looked_after_by(therapist) - {therapist.pk}):
        found = found | handed_to(other)
    return found


def is_to_be_seen(case: Case, therapist: User) -> bool:
    """Whether this person has still to say that they have seen the handover of the case."""
    return handed_to(therapist).filter(case=case).exists()


def copies_of(case: Case) -> QuerySet[Case]:
    """The cases that were begun with the answers of this one, the oldest first."""
    return Case.objects.filter(copied_from=case).order_by("number")


# Closed cases that are past their time


class PastKeeping(NamedTuple):
    """A closed case that need not be kept any more, but for what holds it back, in words.

    deletion: what was asked for, if anything.
    """

    case: Case
    kept_until: date
    held_by: tuple[str, ...]
    deletion: Deletion | None


def _born_by_answer(case: Case) -> date | None:
    """As late as the answered age allows: a date of birth need not be entered, even of a minor."""
    row = Answer.objects.filter(case=case, question=AGE).first()
    if row is None or not isinstance(row.value, int):
        return None
    return born_at_the_latest(row.value, row.assessed_on)


def past_keeping(clinic: Clinic, case_id: UUID | None = None) -> list[PastKeeping]:
    """The cases of a clinic that are past their time, the longest first; of one case alone, if any.

    Not those of a patient who has a later episode.
    """
    long_ago = timezone.now() - timedelta(days=DAYS_OF_A_YEAR * clinic.kept_years)
    closed = Case.objects.filter(clinic=clinic, closed_at__lt=long_ago, copies=None)
    if case_id is not None:
        closed = closed.filter(pk=case_id)
    cases = list(closed.select_related("clinic", "therapist").order_by("closed_at"))
    asked = {one.case_id: one for one in open_deletions(clinic)}
    with timezone.override(clinic.zone):
        today, holds = timezone.localdate(), _holds_by_case([one.pk for one in cases])
        found = [_past(one, holds.get(one.pk, []), asked.get(one.pk)) for one in cases]
    return [one for one in found if one.kept_until < today]


def _holds_by_case(case_ids: list[UUID]) -> dict[UUID, list[Hold]]:
    found: dict[UUID, list[Hold]] = {}
    for one in (*_safety_holds(case_ids), *holds_on(case_ids)):
        found.setdefault(one.case_id, []).append(one)
    return found


def _safety_holds(case_ids: list[UUID]) -> Iterator[Hold]:
    open_ones = SafetyTask.objects.filter(case__in=case_ids, closed_at=None)
    for case_id in open_ones.values_list("case_id", flat=True):
        yield Hold(case_id, "its safety task is open")


def _past(case: Case, holds: list[Hold], deletion: Deletion | None) -> PastKeeping:
    """The keeping time counts from the last of everything that is kept as long."""
    days = [timezone.localdate(case.closed_at), *(one.since for one in holds if one.since)]
    last = kept_until(
        max(days), born=case.date_of_birth or _born_by_answer(case), years=case.clinic.kept_years
    )
    held_by = dict.fromkeys(one.what for one in holds if one.since is None)
    return PastKeeping(case, last, tuple(held_by), deletion)


def highest_deleted_number(clinic: Clinic) -> int:
    """The highest number of a case whose deletion was ever asked for; 0 where none was."""
    asked = Deletion.objects.filter(clinic=clinic)
    return int(asked.aggregate(highest=Max("case_number"))["highest"] or 0)


def open_deletions(clinic: Clinic) -> QuerySet[Deletion]:
    """Deletions that were asked for and are neither done nor taken back."""
    found = Deletion.objects.filter(clinic=clinic, deleted_at=None, taken_back_at=None)
    return found.select_related("asked_by", "agreed_by")


def done_deletions(clinic: Clinic) -> QuerySet[Deletion]:
    """Cases that were deleted, the newest first."""
    done = Deletion.objects.filter(clinic=clinic, deleted_at__isnull=False)
    return done.select_related("asked_by", "agreed_by").order_by("-deleted_at")
