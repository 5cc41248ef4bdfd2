"""Released editions, and what the newest one says of decisions of an earlier edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from decisions.cases.decision.ended import with_ended_said
from decisions.cases.models import Decision, EditionRelease
from decisions.rules.edition_answers import counting
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.edition_changes import (
    OutcomeChanges,
    answers_taken,
    outcome_changes,
    stricter_of_both,
)
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import edition_ids, edition_order, load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings


@dataclass(frozen=True)
class JudgedStricter:
    """A decision that a later, released edition judges more strictly."""

    release: EditionRelease
    changes: OutcomeChanges

    @property
    def edition(self) -> str:
        """The later edition."""
        return self.release.edition

    @property
    def released_on(self) -> date:
        """The day of its release."""
        return timezone.localdate(self.release.released_at)


def newest_release() -> EditionRelease | None:
    """The edition that was released last; None while none was."""
    return EditionRelease.objects.order_by("-released_at").first()


def is_earlier(edition_id: str, than: str) -> bool:
    """Whether an edition came before another."""
    return edition_order(edition_id) < edition_order(than)


def stricter_judgment(
    decision: Decision,
    evidence: EvidenceBase,
    *,
    without: Collection[str] = (),
    said: Outcome | None = None,
) -> JudgedStricter | None:
    """What the newest released edition holds back that this decision did not; None for nothing.

    without: questions to leave out. said: the outcome without them.
    """
    release = newest_release()
    if release is None or not is_earlier(decision.edition, release.edition):
        return None
    if release.edition not in edition_ids():
        return None
    changes = judge(
        answers={name: one["value"] for name, one in decision.answers.items()},
        said=said or Outcome.model_validate(decision.outcome),
        by=load_edition(release.edition),
        evidence=evidence,
        without=without,
    )
    return JudgedStricter(release, changes) if changes.is_stricter else None


def judge(
    *,
    answers: dict[str, object],
    said: Outcome,
    by: Edition,
    evidence: EvidenceBase,
    without: Collection[str] = (),
) -> OutcomeChanges:
    """What another edition says otherwise of the answers that an outcome was made of.

    Answers that it does not take count as not known. A list to which it has added and a choice
    that it has split are read as they are, so that what was said counts, and as not known, so that
    nothing that was not asked counts as no: the stricter reading holds.

    without: questions to leave out.
    """
    given = {name: raw for name, raw in answers.items() if name not in without}
    as_ticked = answers_taken(by.questionnaire, given)
    as_asked = counting(by.id, given, asked_by=said.edition)
    ticked = outcome_changes(said, _decided(by, as_ticked, evidence))
    if as_asked == as_ticked:
        return ticked
    return stricter_of_both(ticked, outcome_changes(said, _decided(by, as_asked, evidence)))


def _decided(edition: Edition, answers: dict[str, object], evidence: EvidenceBase) -> Outcome:
    outcome = decide(edition, Answers.read(edition.questionnaire, answers), evidence)
    return with_ended_said(outcome, edition, Endings(evidence, timezone.localdate()))
