"""Every shared read of plans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from decisions.cases.models import Case
from decisions.cases.queries import OF_CASE
from decisions.documents.plan.conflicts import PlanFinding, PlanWords, findings_about
from decisions.documents.plan.entries import Entries, entries_of
from decisions.documents.plan.loading import load_plan_words
from decisions.documents.plan.schedule import PlanAsked, Planned, Visit, lay_out
from decisions.plans.models import StoredPlan
from evidence.domain.entries import EvidenceBase
from kapnet.core.compiled import Compiled


def plan_of(case: Case) -> StoredPlan | None:
    """The plan of a case; None while there is none."""
    return _PLAN.first(case=case.pk)


_PLAN = Compiled(lambda: StoredPlan.objects.filter(case=OF_CASE).select_related("saved_by"))


@dataclass(frozen=True)
class LaidOut:
    """A stored plan with its days and what speaks about it."""

    stored: StoredPlan
    edition: str
    evidence: EvidenceBase

    @cached_property
    def asked(self) -> PlanAsked:
        """What was asked for; nothing once the plan was withdrawn."""
        return PlanAsked() if self.stored.is_withdrawn else self.last_asked

    @cached_property
    def last_asked(self) -> PlanAsked:
        """What was asked for last, withdrawn or not."""
        return PlanAsked.model_validate(self.stored.content)

    @cached_property
    def entries(self) -> Entries:
        """What a calendar holds of it."""
        return entries_of(self.planned)

    @cached_property
    def gone(self) -> Entries:
        """What an earlier calendar file may hold of it and is planned no longer."""
        return {name: Visit.model_validate(one) for name, one in (self.stored.gone or {}).items()}

    @cached_property
    def planned(self) -> Planned:
        """The days."""
        return lay_out(self.asked)

    @cached_property
    def words(self) -> PlanWords:
        """The words of the edition."""
        return load_plan_words(self.edition)

    @cached_property
    def findings(self) -> tuple[PlanFinding, ...]:
        """Conflicts, what is still to ask, notes."""
        return findings_about(
            asked=self.asked, planned=self.planned, words=self.words, evidence=self.evidence
        )
