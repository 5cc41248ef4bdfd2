"""What waits for whom: changes to review or sent back, a release to sign, and one's own work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from evidence.curation.models import Change, ChangeStep, ReleaseDraft, State
from evidence.curation.queries import authors_of, open_draft
from kapnet.core.people.models import User


def _edits_of(user: User) -> QuerySet[ChangeStep]:
    edits = ChangeStep.objects.filter(to_state=State.DRAFT, from_state__in=["", State.DRAFT])
    return edits.filter(change=OuterRef("pk"), by=user)


def to_review(user: User) -> QuerySet[Change]:
    """Changes in review that this person may approve: they wrote no part of them."""
    return Change.objects.filter(~Exists(_edits_of(user)), state=State.IN_REVIEW)


def sent_back(user: User) -> QuerySet[Change]:
    """This person's drafts that somebody else sent back, and that nobody has written since."""
    steps = ChangeStep.objects.filter(change=OuterRef("pk")).order_by("-pk")
    mine = Change.objects.filter(Exists(_edits_of(user)), state=State.DRAFT)
    with_last = mine.annotate(
        last_from=Subquery(steps.values("from_state")[:1]), last_by=Subquery(steps.values("by")[:1])
    )
    return with_last.filter(last_from__in=[State.IN_REVIEW, State.APPROVED]).exclude(
        last_by=user.pk
    )


def under_way(user: User) -> QuerySet[Change]:
    """This person's other changes that are drafts or in review."""
    mine = Change.objects.filter(Exists(_edits_of(user)))
    open_ones = mine.filter(state__in=[State.DRAFT, State.IN_REVIEW])
    return open_ones.exclude(pk__in=sent_back(user).values("pk"))


def to_sign(user: User) -> ReleaseDraft | None:
    """The release that waits for this person's signature; None where there is none."""
    draft = open_draft()
    return draft if draft and draft.prepared_by_id != user.pk else None


def count_waiting(user: User) -> int:
    """How much waits for this person."""
    waiting = to_review(user).count() + sent_back(user).count()
    return waiting + (1 if to_sign(user) else 0)


def evidence_admins() -> QuerySet[User]:
    """Everybody who curates."""
    return User.objects.filter(is_active=True, is_evidence_admin=True)


def reviewers_of(change: Change) -> QuerySet[User]:
    """Who may approve a change: evidence admins who wrote no part of it."""
    return evidence_admins().exclude(pk__in=authors_of(change))


@dataclass(frozen=True)
class Waiting:
    """One change on a list: what it is about, and its last step."""

    change: Change
    last: ChangeStep | None

    @property
    def is_sent_back(self) -> bool:
        """Whether somebody sent it back, and nobody wrote it since."""
        return self.last is not None and self.change.state == State.DRAFT and not self.last.is_edit


def with_last_steps(changes: Iterable[Change]) -> list[Waiting]:
    """Each change with the step that brought it where it is."""
    found = list(changes)
    steps = ChangeStep.objects.filter(change__in=found).select_related("by").order_by("pk")
    last = {one.change_id: one for one in steps}
    return [Waiting(one, last.get(one.pk)) for one in found]
