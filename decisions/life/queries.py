"""Every shared read of the life of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from decisions.cases.actions import AGE
from decisions.cases.models import Answer, Case, SafetyTask
from decisions.cases.told import Hold, holds_on
from decisions.life.keeping import born_at_the_latest, kept_until
from decisions.life.models import Deletion, LifeStep
from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.queries import looked_after_by, therapists_in
from kapnet.core.web.once import same_just_now

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
    return therapists_in(case.clinic_id).exclude(pk=case.therapist_id)


class Handovers(NamedTuple):
    """Handovers that nobody has said to have seen, of cases that are the receiver's still.

    to_me; to_others: to people for whom this person stands in; by_me: given away to others, until
    these have seen it.
    """

    to_me: list[LifeStep]
    to_others: list[LifeStep]
    by_me: list[LifeStep]


def handovers_for(therapist: User) -> Handovers:
    """All that this person has to know of, the newest first: one query."""
    looked_after = looked_after_by(therapist)
    found = Handovers([], [], [])
    for step in _HANDOVERS.rows(giver=therapist.pk, receivers=looked_after):
        if step.to_therapist_id == therapist.pk:
            found.to_me.append(step)
        elif step.to_therapist_id in looked_after:
            found.to_others.append(step)
        else:
            found.by_me.append(step)
    return found


def _unseen() -> QuerySet[LifeStep]:
    """Whoever closed the case has seen that it is theirs."""
    ends = (Kind.HANDED_OVER, Kind.SEEN, Kind.CLOSED)
    later = LifeStep.objects.filter(case=OuterRef("case"), kind__in=ends, pk__gt=OuterRef("pk"))
    return (
        LifeStep.objects.filter(kind=Kind.HANDED_OVER)
        .filter(~Exists(later), case__therapist=F("to_therapist"))
        .select_related("case", "from_therapist", "to_therapist", "taken_by")
        .order_by("-pk")
    )


_HANDOVERS = Compiled(
    lambda receivers: _unseen().filter(
        Q(to_therapist__id__in=receivers) | Q(taken_by=Given("giver", User._meta.get_field("id")))
    ),
    receivers=User._meta.get_field("id"),
)


def is_to_be_seen(case: Case, therapist: User) -> bool:
    """Whether this person has still to say that they have seen the handover of the case."""
    return _unseen().filter(case=case, to_therapist=therapist).exists()


def can_be_taken_back(case: Case, giver: User) -> bool:
    """Whether this person handed the case over, and nobody has seen it yet."""
    return _unseen().filter(case=case, taken_by=giver).exclude(to_therapist=giver).exists()


def was_done_just_now(case: Case, actor: User, kind: str, **said: object) -> bool:
    """Whether the last step of a case is this one, by the same person: a form sent twice."""
    last = LifeStep.objects.filter(case=case).order_by("-pk")[:1].values("pk")
    steps = LifeStep.objects.filter(pk__in=last, kind=kind, taken_by=actor)
    return same_just_now(steps, "taken_at", said) is not None


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


def _born_by_answers(case_ids: list[UUID]) -> dict[UUID, date]:
    """As late as the answered age allows: a date of birth need not be entered, even of a minor."""
    ages = Answer.objects.filter(case__in=case_ids, question=AGE)
    return {
        row.case_id: born_at_the_latest(row.value, row.assessed_on)
        for row in ages
        if isinstance(row.value, int)
    }


def past_keeping(clinic: Clinic, case_id: UUID | None = None) -> list[PastKeeping]:
    """The cases of a clinic that are past their time, the longest first; of one case alone, if any.

    Not those of a patient who has a later episode.
    """
    long_ago = timezone.now() - timedelta(days=DAYS_OF_A_YEAR * clinic.kept_years)
    closed = Case.objects.filter(clinic=clinic, closed_at__lt=long_ago, copies=None)
    if case_id is not None:
        closed = closed.filter(pk=case_id)
    unread = ("patient_name", "reference", "patient_index")
    cases = list(closed.select_related("therapist").defer(*unread).order_by("closed_at"))
    case_ids = [one.pk for one in cases]
    asked = {one.case_id: one for one in open_deletions(clinic)}
    born = _born_by_answers(case_ids)
    with timezone.override(clinic.zone):
        today, holds = timezone.localdate(), _holds_by_case(case_ids)
        found = [
            PastKeeping(
                case=one,
                kept_until=_kept_until(
                    one,
                    holds.get(one.pk, []),
                    born=one.date_of_birth or born.get(one.pk),
                    years=clinic.kept_years,
                ),
                held_by=_waiting(holds.get(one.pk, [])),
                deletion=asked.get(one.pk),
            )
            for one in cases
        ]
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


def _kept_until(case: Case, holds: list[Hold], *, born: date | None, years: int) -> date:
    """The keeping time counts from the last of everything that is kept as long."""
    days = [timezone.localdate(case.closed_at), *(one.since for one in holds if one.since)]
    return kept_until(max(days), born=born, years=years)


def _waiting(holds: list[Hold]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.what for one in holds if one.since is None))


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
