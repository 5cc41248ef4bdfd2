"""What the release of an edition does to signed letters: a worker evaluates earlier decisions.

Some decisions at a time, in the order of their ids, so that memory does not grow with their number
and a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.edition.releases import is_earlier, judge
from decisions.cases.models import Decision, EditionRelease
from decisions.letters.models import Letter, LetterTask
from decisions.letters.signer_tasks.tasks import (
    ClosedAs,
    Reason,
    end_task,
    open_task,
    open_tasks,
    standing_letters,
)
from decisions.rules.engine.edition_changes import OutcomeChanges
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import edition_ids, load_edition
from evidence.domain.entries import EvidenceBase
from evidence.queries import current_evidence

AT_ONCE = 100
"""Decisions in memory, and in one transaction."""
BEFORE_ALL = UUID(int=0)
STORED = (
    *("evaluated", "not_read", "stricter", "drafts", "tasks"),
    *("last_decision", "evaluated_at"),
)
"""How far an evaluation is. What was released is written once."""


class Judged(NamedTuple):
    """A decision, and what the released edition says otherwise; None where nothing reads it."""

    decision: Decision
    changes: OutcomeChanges | None


def evaluate_some(release_id: int) -> bool:
    """Evaluate the next decisions by a released edition; whether more are left.

    Two workers at once do the same part once.
    """
    with scopes_disabled():
        release = EditionRelease.objects.get(pk=release_id)
        if release.evaluated_at is not None:
            return False
        decisions = _next(release)
        judged = [_judge(one, release, current_evidence()) for one in decisions]
        with transaction.atomic():
            _store(release, judged)
    return len(decisions) == AT_ONCE


def _next(release: EditionRelease) -> list[Decision]:
    """The decisions after the last one that was looked at, with what judging needs of them."""
    after = Decision.objects.filter(
        pk__gt=release.last_decision or BEFORE_ALL, recorded_at__lte=release.released_at
    )
    needed = after.only("case_id", "edition", "answers", "outcome").order_by("pk")
    return list(needed[:AT_ONCE])


def _judge(decision: Decision, release: EditionRelease, evidence: EvidenceBase) -> Judged:
    if not is_earlier(decision.edition, release.edition):
        return Judged(decision, OutcomeChanges())
    if decision.edition not in edition_ids():
        return Judged(decision, None)
    changes = judge(
        answers={name: one["value"] for name, one in decision.answers.items()},
        said=Outcome.model_validate(decision.outcome),
        by=load_edition(release.edition),
        evidence=evidence,
    )
    return Judged(decision, changes)


def _store(seen: EditionRelease, judged: list[Judged]) -> None:
    release = EditionRelease.objects.select_for_update().get(pk=seen.pk)
    if release.last_decision != seen.last_decision or release.evaluated_at is not None:
        return
    stricter = [
        (one.decision, one.changes) for one in judged if one.changes and one.changes.is_stricter
    ]
    release.evaluated += len(judged)
    release.not_read += sum(one.changes is None for one in judged)
    release.stricter += len(stricter)
    release.drafts += _drafts_on([decision for decision, _ in stricter])
    release.tasks += sum(_open_tasks(*one, release) for one in stricter)
    _close_eased((one for one in judged if one.changes and not one.changes.is_stricter), release)
    if judged:
        release.last_decision = judged[-1].decision.pk
    if len(judged) < AT_ONCE:
        release.evaluated_at = timezone.now()
    release.save(update_fields=STORED)


def _drafts_on(decisions: list[Decision]) -> int:
    drafts = Letter.objects.filter(decision__in=decisions, status=Letter.Status.DRAFT)
    return int(drafts.count())


def _open_tasks(decision: Decision, changes: OutcomeChanges, release: EditionRelease) -> int:
    """A task for each letter that was signed before, unless it has one; how many."""
    has_one = LetterTask.objects.filter(edition_release=release)
    letters = (
        standing_letters()
        .filter(decision=decision, signed_at__lte=release.released_at)
        .exclude(pk__in=has_one.values("letter_id"))
    )
    found = list(letters)
    for letter in found:
        open_task(
            letter=letter,
            reason=Reason.STRICTER,
            opened_by=release.released_by,
            told=release.edition,
            entry_key=release.edition,
            edition_release=release,
            changes=changes.model_dump(mode="json"),
        )
    return len(found)


def _close_eased(judged: Iterable[Judged], release: EditionRelease) -> None:
    """End open tasks of an earlier release whose edition the new one no longer bears out."""
    eased = [one.decision.pk for one in judged]
    tasks = open_tasks().filter(reason=Reason.STRICTER, letter__decision__in=eased)
    for task in tasks.select_related("letter__clinic"):
        end_task(
            task,
            ClosedAs.EASED,
            action="letter.edition_eased",
            ended_by=release.released_by,
            told=release.edition,
        )
