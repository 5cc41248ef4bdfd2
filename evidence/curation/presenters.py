"""Changes and releases as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.curation.models import Change, State
from evidence.curation.queries import authors_of
from evidence.differences import (
    Difference,
    differences,
    entry_differences,
    withdrawal_differences,
)
from evidence.domain import EntryKind, EvidenceBase
from evidence.dossier_rows import SHELVES
from evidence.impact import CaseGroup, Impact, Reach, RuleImpact
from evidence.models import Release
from evidence.queries import current_evidence, evidence_of
from evidence.rows import MODELS, withdrawal_of
from kapnet.clinics.models import User


@dataclass(frozen=True)
class Step:
    """A step that can be taken now: its name in the form, and the words on its button."""

    name: str
    label: str


STEPS = {
    State.DRAFT: (Step("submit", "Ask for review"), Step("discard", "Discard")),
    State.IN_REVIEW: (
        Step("approve", "Approve"),
        Step("send_back", "Send back to draft"),
        Step("discard", "Discard"),
    ),
    State.APPROVED: (Step("send_back", "Take back to draft"),),
}


def steps_for(change: Change, user: User) -> tuple[Step, ...]:
    """The steps that this person can take; an author never approves."""
    steps = STEPS.get(State(change.state), ())
    is_author = user.pk in authors_of(change)
    return tuple(one for one in steps if not (is_author and one.name == "approve"))


def difference_of(change: Change) -> tuple[Difference, ...]:
    """What the change does to its entry: published before, and after."""
    kind, key = EntryKind(change.entry_kind), change.entry_key
    if change.release:
        before, after = _around(change.release)
        return entry_differences(before, after, kind, key)
    if change.state == State.DISCARDED:
        return ()
    published = current_evidence()
    row = MODELS[kind].objects.filter(pk=key).first()
    now = SHELVES[kind].read(row) if row else None
    was = (published.withdrawal(kind, key), withdrawal_of(kind, row) if row else None)
    return (*differences(published.entry(kind, key), now), *withdrawal_differences(*was))


def _around(release: Release) -> tuple[EvidenceBase | None, EvidenceBase]:
    earlier = Release.objects.filter(number__lt=release.number).first()
    return evidence_of(earlier) if earlier else None, evidence_of(release)


@dataclass(frozen=True)
class PresentedGroup:
    """Cases with one cause. `known` are those of the reader's own clinics, to be linked."""

    rules: tuple[str, ...]
    what: tuple[str, ...]
    count: int
    known: tuple[str, ...]
    vignettes: tuple[str, ...]


@dataclass(frozen=True)
class PresentedImpact:
    """What a release would change, for one reader."""

    impact: Impact
    results: tuple[PresentedGroup, ...]
    reasons: tuple[PresentedGroup, ...]
    without_support: tuple[RuleImpact, ...]
    reach_changes: tuple[Reach, ...]


def present_impact(plain: object, clinic_ids: frozenset[str]) -> PresentedImpact:
    """The impact that a draft of a release carries; links only to cases of these clinics."""
    impact = Impact.model_validate(plain)
    return PresentedImpact(
        impact=impact,
        results=tuple(_group(one, clinic_ids) for one in impact.groups if one.result),
        reasons=tuple(_group(one, clinic_ids) for one in impact.groups if not one.result),
        without_support=tuple(one for one in impact.rules if one.left_without_support),
        reach_changes=tuple(
            one
            for one in impact.reach
            if (one.before, one.can_lead_before) != (one.after, one.can_lead_after)
        ),
    )


def _group(one: CaseGroup, clinic_ids: frozenset[str]) -> PresentedGroup:
    return PresentedGroup(
        rules=one.rules,
        what=one.what,
        count=one.count,
        known=tuple(case for clinic, case in one.cases if clinic in clinic_ids),
        vignettes=one.vignettes,
    )
