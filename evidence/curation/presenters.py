"""Changes and releases as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Count, QuerySet

from evidence.curation.entry_list import WORDS, in_short
from evidence.curation.models import Action, Change, ChangeComment, ChangeStep, State
from evidence.curation.queries import authors_of, difference_of
from evidence.domain.impact import CaseGroup, Impact, Reach, RuleImpact
from evidence.domain.terms import EntryKind
from evidence.ended_rules import said_impact
from evidence.ending import Endings
from evidence.presenters.differences import ShownDifference, present_differences
from evidence.rows import MODELS
from kapnet.core.people.models import User


@dataclass(frozen=True)
class Step:
    """A step that can be taken now: its name in the form, and the words on its button.

    is_main: the step that the work leads to.
    """

    name: str
    label: str
    is_main: bool = False


STEPS = {
    State.DRAFT: (Step("submit", "Ask for review", is_main=True), Step("discard", "Discard")),
    State.IN_REVIEW: (
        Step("approve", "Approve", is_main=True),
        Step("send_back", "Send back to draft"),
        Step("discard", "Discard"),
    ),
    State.APPROVED: (Step("send_back", "Take back to draft"),),
}

SHAPES = {
    State.DRAFT: "open",
    State.IN_REVIEW: "half",
    State.APPROVED: "waits",
    State.PUBLISHED: "full",
    State.DISCARDED: "open",
}
"""The shape beside a state."""


def steps_for(change: Change, user: User) -> tuple[Step, ...]:
    """The steps that this person can take; an author never approves."""
    steps = STEPS.get(State(change.state), ())
    is_author = user.pk in authors_of(change)
    return tuple(one for one in steps if not (is_author and one.name == "approve"))


@dataclass(frozen=True)
class PresentedChange:
    """One change for one reader.

    name, kind_word: of its entry. whole: the entry is new, so that everything in it is.
    """

    name: str
    kind_word: str
    shape: str
    whole: bool
    differences: tuple[ShownDifference, ...]
    steps: tuple[Step, ...]
    history: tuple[ChangeStep, ...]
    comments: tuple[ChangeComment, ...]
    is_author: bool
    is_sent_back: bool
    exists: bool


def present_change(change: Change, user: User) -> PresentedChange:
    """What a change does to its entry, how it came about, and what this person can do."""
    kind = EntryKind(change.entry_kind)
    row = MODELS[kind].objects.filter(pk=change.entry_key).first()
    history = tuple(change.steps.select_related("by"))
    return PresentedChange(
        name=in_short(row)[0] if row else change.entry_key,
        kind_word=WORDS[kind][0].lower(),
        shape=SHAPES[State(change.state)],
        whole=change.action == Action.ADD,
        differences=present_differences(kind, difference_of(change)),
        steps=steps_for(change, user),
        history=history,
        comments=tuple(change.comments.select_related("by")),
        is_author=user.pk in authors_of(change),
        is_sent_back=change.state == State.DRAFT and bool(history) and not history[-1].is_edit,
        exists=row is not None,
    )


@dataclass(frozen=True)
class StateCount:
    """How many changes are in one state."""

    value: str
    label: str
    count: int


def count_states() -> list[StateCount]:
    """Every state, in the order of the way."""
    found: QuerySet[Change] = Change.objects.order_by()
    counts = dict(found.values_list("state").annotate(Count("pk")))
    return [StateCount(value, label, counts.get(value, 0)) for value, label in State.choices]


@dataclass(frozen=True)
class PresentedGroup:
    """Cases with one cause, counted: evidence admins belong to no clinic and see no case."""

    rules: tuple[str, ...]
    what: tuple[str, ...]
    count: int
    vignettes: tuple[str, ...]
    edition: str


FEW = 5
"""How much of each list of an impact is shown at once: on a phone each takes half a screen."""

Listed = TypeVar("Listed")


@dataclass(frozen=True)
class Folded(Generic[Listed]):
    """A list of which a page shows the first ones, and folds the others away."""

    first: tuple[Listed, ...]
    others: tuple[Listed, ...]


def folded(all_of_them: Iterable[Listed]) -> Folded[Listed]:
    """A list that begins with what matters most."""
    found = tuple(all_of_them)
    return Folded(found[:FEW], found[FEW:])


@dataclass(frozen=True)
class PresentedImpact:
    """What a release would change, for one reader."""

    impact: Impact
    rules: Folded[RuleImpact]
    results: Folded[PresentedGroup]
    reasons: Folded[PresentedGroup]
    without_support: tuple[RuleImpact, ...]
    reach_changes: tuple[Reach, ...]


def present_impact(plain: object, endings: Endings) -> PresentedImpact:
    """The impact that a draft of a release carries."""
    impact = said_impact(Impact.model_validate(plain), endings)
    groups = sorted(impact.groups, key=lambda one: -one.count)  # those of all editions together
    return PresentedImpact(
        impact=impact,
        rules=folded(impact.rules),
        results=folded(_group(one) for one in groups if one.result),
        reasons=folded(_group(one) for one in groups if not one.result),
        without_support=tuple(one for one in impact.rules if one.left_without_support),
        reach_changes=tuple(
            one
            for one in impact.reach
            if (one.before, one.can_lead_before) != (one.after, one.can_lead_after)
        ),
    )


def _group(one: CaseGroup) -> PresentedGroup:
    return PresentedGroup(
        rules=one.rules,
        what=one.what,
        count=one.count,
        vignettes=one.vignettes,
        edition=one.edition,
    )
