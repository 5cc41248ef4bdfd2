"""Releases of curated evidence: prepared with their impact by one person, signed by another."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from pydantic import ValidationError

from evidence.curation.actions import CurationRefused, Overtaken, put_back, take_step
from evidence.curation.models import Action, Change, ReleaseDraft, State
from evidence.curation.queries import (
    approved_changes,
    held_back,
    open_change,
    open_drafts,
    seen_of_draft,
)
from evidence.curation.release_actions import UNRELEASED, locked_newest, make_release
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import Impact
from evidence.domain.release_content import compose
from evidence.domain.terms import EntryKind
from evidence.hooks import is_impact_of_today
from evidence.models import Release
from evidence.queries import current_evidence, evidence_in_rows, evidence_of
from evidence.rows import MODELS
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User

ON_THEIR_WAY = (ReleaseDraft.Status.PREPARING, ReleaseDraft.Status.OPEN)
"""The states of a draft that is neither published nor dropped."""

OTHER_EVIDENCE = "The evidence has changed since this list was made."
OTHER_EDITIONS = (
    "The rules by which cases are decided have changed since this list was made, so that it does "
    "not say what this release would do now."
)
AGAIN = "Prepare the release again; nothing was published."
AT_ONCE = "Somebody prepared a release at the same moment. It is in the list on this page."
REPLACED = "A newer draft was prepared; what this one would change may no longer be true."


@transaction.atomic
def ask_for_release(*, by: User, notes: str, rolls_back_to: Release | None = None) -> ReleaseDraft:
    """Begin a release of everything that is approved, or one with the content of an earlier one.

    A worker works out what it would change (`evidence.curation.preparing`). It takes the place of
    a draft that is open. Raises CurationRefused, and Overtaken by another draft of this moment.
    """
    if not notes.strip():
        raise CurationRefused("Say what changed, in words for clinicians.")
    if rolls_back_to is None and not approved_changes().exists():
        raise CurationRefused("No change is approved yet, so that there is nothing to release.")
    base, after = base_and_content(rolls_back_to)
    _drop(ReleaseDraft.objects.filter(status__in=ON_THEIR_WAY), problem=REPLACED)
    draft = ReleaseDraft(
        status=ReleaseDraft.Status.PREPARING,
        notes=notes.strip(),
        sha256=after.sha256,
        base=base,
        rolls_back_to=rolls_back_to,
        prepared_by=by,
        started_by=by,
        moved_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        raise Overtaken(AT_ONCE) from error
    record_draft_event("evidence_release.asked_for", draft, by)
    enqueue(draft)
    return draft


def enqueue(draft: ReleaseDraft) -> None:
    """Let a worker work out what the draft would change."""
    from evidence.curation.tasks import work_out_impact

    work_out_impact.enqueue(draft.pk)


def content_of(rolls_back_to: Release | None) -> EvidenceBase:
    """What the release would hold. Raises CurationRefused where it does not hang together."""
    if rolls_back_to:
        if rolls_back_to.content is None:
            raise CurationRefused("The content of that release was not kept.")
        return evidence_of(rolls_back_to)
    newest = Release.objects.order_by("-number").first()
    published = evidence_of(newest) if newest else None
    try:
        return compose(evidence_in_rows(UNRELEASED), published, held_back())
    except ValidationError as error:
        problems = "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors())
        raise CurationRefused(
            f"What is approved does not hang together: {problems}. Approve that change too, or "
            "send the one that needs it back."
        ) from error


def base_and_content(rolls_back_to: Release | None) -> tuple[Release | None, EvidenceBase]:
    """The newest release, and what would follow it. Raises CurationRefused.

    Nothing is locked: letters that are signed wait for whoever locks the newest release. Whoever
    signs compares both again.
    """
    newest = Release.objects.order_by("-number").first()
    after = content_of(rolls_back_to)
    if newest and newest.sha256 == after.sha256:
        raise CurationRefused("The newest release says exactly this already.")
    return newest, after


def record_draft_event(
    action: str, draft: ReleaseDraft, by: User | None, reason: str = ""
) -> Event:
    """The audit event of something that was done to a draft of a release. by: None for a worker."""
    return record_event(
        action=action,
        actor=by,
        clinic=None,
        object_type="evidence_release_draft",
        object_id=draft.pk,
        reason=reason,
    )


@transaction.atomic
def drop(*, draft: ReleaseDraft, by: User) -> None:
    """Give a prepared release up; its changes stay approved."""
    if _drop(ReleaseDraft.objects.filter(pk=draft.pk, status__in=ON_THEIR_WAY), problem=""):
        record_draft_event("evidence_release.dropped", draft, by)


def _drop(drafts: QuerySet[ReleaseDraft], *, problem: str) -> int:
    """How many were dropped. What a worker still counts of them is not kept."""
    dropped = ReleaseDraft.Status.DROPPED
    drafts.filter(status=ReleaseDraft.Status.PREPARING).update(
        counting=ReleaseDraft.Counting.STOPPED, run=""
    )
    return drafts.update(status=dropped, problem=problem)


@transaction.atomic
def sign_and_publish(*, draft: ReleaseDraft, by: User, seen: str) -> Release:
    """Sign the impact of a prepared release, and publish it.

    seen: `seen_of_draft` of the page that the person read. Raises CurationRefused, and Overtaken
    where that page is no longer what would be published, by which evidence or which editions.
    """
    # Nobody drops it from now on. It is held before the newest release, which whoever prepares
    # another draft waits for with this one dropped: else the two would wait for each other.
    now = open_drafts().select_for_update().first()
    newest = locked_newest()
    # Held before the content is read: what is approved from now on is neither released nor closed.
    approved = list(approved_changes().select_for_update())
    if now is None or now.pk != draft.pk:
        raise Overtaken("This draft is no longer open; nothing was published.")
    if by.pk == now.prepared_by_id:
        raise CurationRefused(
            "You prepared this release. Somebody else must sign it; nothing was published."
        )
    if seen_of_draft(now) != seen:
        raise Overtaken(
            "This is no longer what you were reading. Read it again; nothing was published."
        )
    after = content_of(now.rolls_back_to)
    _refuse_outdated(now, newest, after)
    release = make_release(evidence=after, notes=now.notes, author=now.prepared_by, approver=by)
    if release is None:
        raise CurationRefused("The newest release says exactly this already.")
    if now.rolls_back_to:
        _put_rows_back(after, to=now.rolls_back_to, by=by)
    else:
        close_changes(approved, release, by=by)
    ReleaseDraft.objects.filter(pk=now.pk).update(
        status=ReleaseDraft.Status.PUBLISHED,
        signed_by=by,
        signed_at=timezone.now(),
        release=release,
    )
    record_draft_event("evidence_release.signed", now, by, release.name)
    return release


def _refuse_outdated(draft: ReleaseDraft, newest: Release | None, after: EvidenceBase) -> None:
    if _has_moved_on(draft, newest, after):
        raise Overtaken(f"{OTHER_EVIDENCE} {AGAIN}")
    if other_editions_than(draft):
        raise Overtaken(f"{OTHER_EDITIONS} {AGAIN}")


def _has_moved_on(draft: ReleaseDraft, newest: Release | None, after: EvidenceBase) -> bool:
    """Whether the draft, or what its impact was counted between, is another than this."""
    counted = Impact.model_validate(draft.impact)
    is_same = after.sha256 == draft.sha256 == counted.after_sha256
    follows = current_evidence().sha256 == counted.before_sha256
    return not (is_same and follows) or draft.base_id != (newest.pk if newest else None)


def why_outdated(draft: ReleaseDraft) -> str:
    """What has changed since the list of an open draft was made; nothing where it is as it was."""
    try:
        newest, after = base_and_content(draft.rolls_back_to)
    except CurationRefused:
        return OTHER_EVIDENCE
    if _has_moved_on(draft, newest, after):
        return OTHER_EVIDENCE
    return OTHER_EDITIONS if other_editions_than(draft) else ""


def other_editions_than(draft: ReleaseDraft) -> bool:
    """Whether the editions of now are others than those by which its impact was worked out."""
    return draft.impact is not None and not is_impact_of_today(Impact.model_validate(draft.impact))


def close_changes(changes: list[Change], release: Release, *, by: User) -> None:
    """Say of each that it was published in the release."""
    for change in changes:
        reason = f"Published in release {release.name}."
        take_step(change, State.PUBLISHED, by=by, reason=reason, release=release)


def _put_rows_back(evidence: EvidenceBase, *, to: Release, by: User) -> None:
    """The working copy follows a rollback, but for entries that somebody is working on.

    What the earlier release did not have yet becomes a draft, so that nothing is lost.
    """
    for kind in EntryKind:
        for key in list(MODELS[kind].objects.values_list("pk", flat=True)):
            if open_change(kind, key):
                continue
            if evidence.entry(kind, key):
                put_back(kind, key, evidence)
            else:
                _make_draft(kind, key, f"Taken out by going back to release {to.name}.", by=by)


def _make_draft(kind: EntryKind, key: str, reason: str, *, by: User) -> None:
    change = Change.objects.create(entry_kind=kind, entry_key=key, action=Action.ADD)
    take_step(change, State.DRAFT, by=by, reason=reason)
