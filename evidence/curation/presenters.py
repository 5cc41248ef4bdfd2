"""Changes and releases as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.curation.models import Change, State
from evidence.curation.queries import authors_of
from evidence.domain.impact import CaseGroup, Impact, Reach, RuleImpact
from kapnet.core.people.models import User


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


@dataclass(frozen=True)
class PresentedGroup:
    """Cases with one cause. `known` are those of the reader's own clinics, to be linked."""

    rules: tuple[str, ...]
    what: tuple[str, ...]
    count: int
    known: tuple[str, ...]
    vignettes: tuple[str, ...]
    edition: str


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
        edition=one.edition,
    )
