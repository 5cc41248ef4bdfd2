"""Every write of curation: each step by name, with a reason, and never by one person alone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError

from evidence.curation.models import Action, Change, ChangeComment, ChangeStep, Reading, State
from evidence.curation.queries import authors_of, locked_change, seen_of_change
from evidence.curation.seed_rows import SHELVES
from evidence.domain import entries as domain
from evidence.domain.release_content import name_of
from evidence.domain.terms import EntryKind, Verified
from evidence.models import Release
from evidence.queries import current_evidence
from evidence.rows import MODELS, withdrawal_columns, withdrawal_of
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import User

HOW_FAR = (Verified.UNVERIFIED, Verified.SECONDARY, Verified.ABSTRACT, Verified.FULL_TEXT)
"""How far something was read, from least to most."""

KIND_OF = {
    domain.Source: EntryKind.SOURCE,
    domain.Position: EntryKind.POSITION,
    domain.Caution: EntryKind.CAUTION,
    domain.Claim: EntryKind.CLAIM,
}


class CurationRefused(ValueError):
    """A step that may not be taken; the message says why, and what to do."""


class Overtaken(CurationRefused):
    """A step that somebody else was quicker with: things are no longer as the person saw them."""


# Content


@transaction.atomic
def save_entry(*, entry: domain.Entry, by: User, reason: str, was_read: str = "") -> Change | None:
    """Write an entry into the working copy as a draft. Nothing rests on it before a release.

    None where it says what is published and no change of it is open.
    was_read: what was read, where the entry now counts as read further than it was published.
    Raises CurationRefused.
    """
    kind, key = KIND_OF[type(entry)], name_of(entry)
    _refuse_under_review(kind, key)
    row = MODELS[kind].objects.filter(pk=key).first()
    kept = {"place": row.place, "dossier_sha256": row.dossier_sha256} if row else {}
    SHELVES[kind].write(entry, kept)
    return _note_edit(kind=kind, key=key, by=by, reason=reason, was_read=was_read)


def _note_edit(*, kind: EntryKind, key: str, by: User, reason: str, was_read: str) -> Change | None:
    published = current_evidence().entry(kind, key)
    row = MODELS[kind].objects.get(pk=key)
    if locked_change(kind, key) is None and SHELVES[kind].read(row) == published:
        return None
    change = _draft(kind, key, Action.EDIT if published else Action.ADD)
    _note_reading(change, published, by=by, was_read=was_read)
    take_step(change, State.DRAFT, by=by, reason=reason)
    return change


def _draft(kind: EntryKind, key: str, action: Action) -> Change:
    change = _refuse_under_review(kind, key)
    if change is None:
        return Change.objects.create(entry_kind=kind, entry_key=key, action=action)
    if change.action in (Action.WITHDRAW, Action.RESTORE) or action in (
        Action.WITHDRAW,
        Action.RESTORE,
    ):
        raise CurationRefused(
            "Another change to this entry is open. Finish or discard it first; nothing was saved."
        )
    return change


def _refuse_under_review(kind: EntryKind, key: str) -> Change | None:
    """Held, so that nobody approves between this and what is written now."""
    change = locked_change(kind, key)
    if change and change.state != State.DRAFT:
        raise CurationRefused(
            f"This entry is {change.get_state_display().lower()}. Take the change back to draft "
            "first; nothing was saved."
        )
    return change


def _note_reading(
    change: Change, published: domain.Entry | None, *, by: User, was_read: str
) -> None:
    row = MODELS[EntryKind(change.entry_kind)].objects.get(pk=change.entry_key)
    now = getattr(row, "verified", "")
    before = getattr(published, "verified", "") if published else ""
    if not is_raised(before, now):
        return
    if not was_read.strip() and change.readings.filter(to_verified=now).exists():
        return
    if not was_read.strip():
        raise CurationRefused(
            "It now counts as read further than before. Say what was read; nothing was saved."
        )
    Reading.objects.create(
        change=change, from_verified=before, to_verified=now, was_read=was_read.strip(), by=by
    )


def is_raised(before: str, now: str) -> bool:
    """Whether `verified` says that more was read than before; a new entry starts unverified."""
    if not now:
        return False
    return HOW_FAR.index(Verified(now)) > HOW_FAR.index(Verified(before or Verified.UNVERIFIED))


def write_withdrawal(kind: EntryKind, key: str, withdrawal: domain.Withdrawal | None) -> None:
    """Write into the working copy that an entry is withdrawn, or that it is not."""
    row = MODELS[kind].objects.get(pk=key)
    for column, value in withdrawal_columns(withdrawal).items():
        setattr(row, column, value)
    row.save()


# Steps


@transaction.atomic
def submit(*, change: Change, by: User, reason: str) -> None:
    """Ask for a review; those who may give it are told. Raises CurationRefused."""
    _hold(change, State.DRAFT)
    tell(take_step(change, State.IN_REVIEW, by=by, reason=reason))


@transaction.atomic
def approve(*, change: Change, by: User, reason: str, seen: str) -> None:
    """Let the next release take the change up.

    seen: `seen_of_change` of the page that the person read. Raises CurationRefused where that is
    not what the change does now, and for one of its authors.
    """
    _hold(change, State.IN_REVIEW)
    _refuse_unseen(change, seen)
    if by.pk in authors_of(change):
        raise CurationRefused(
            "You wrote part of this change. Somebody else must approve it; nothing was changed."
        )
    take_step(change, State.APPROVED, by=by, reason=reason)


@transaction.atomic
def send_back(*, change: Change, by: User, reason: str) -> None:
    """Back to draft, for its authors to go on; they are told. Raises CurationRefused."""
    _hold(change, State.IN_REVIEW, State.APPROVED)
    tell(take_step(change, State.DRAFT, by=by, reason=reason))


@transaction.atomic
def discard(*, change: Change, by: User, reason: str, seen: str) -> None:
    """Give a change up: the working copy goes back to what is published. Raises CurationRefused.

    seen: as for `approve`; nobody throws away what they have not read.
    """
    _hold(change, State.DRAFT, State.IN_REVIEW)
    _refuse_unseen(change, seen)
    take_step(change, State.DISCARDED, by=by, reason=reason)
    put_back(EntryKind(change.entry_kind), change.entry_key, current_evidence())


def put_back(kind: EntryKind, key: str, evidence: domain.EvidenceBase) -> None:
    """Make the working copy of an entry what this evidence says. Raises CurationRefused."""
    entry = evidence.entry(kind, key)
    row = MODELS[kind].objects.get(pk=key)
    if entry is None:
        try:
            row.delete()
        except ProtectedError as error:
            raise CurationRefused(
                "Another entry speaks of this one. Discard that change first; nothing was changed."
            ) from error
        return
    if SHELVES[kind].read(row) != entry:
        SHELVES[kind].write(entry, {"place": row.place, "dossier_sha256": row.dossier_sha256})
    if withdrawal_of(kind, row) != evidence.withdrawal(kind, key):
        write_withdrawal(kind, key, evidence.withdrawal(kind, key))


def comment(*, change: Change, by: User, text: str) -> ChangeComment:
    """Say something about a change. Raises CurationRefused without words."""
    return ChangeComment.objects.create(change=change, by=by, text=said_reason(text))


def _hold(change: Change, *allowed: State) -> None:
    """Lock the change as it is now until the end of the transaction. Raises CurationRefused."""
    now = Change.objects.select_for_update().get(pk=change.pk)
    if now.state not in allowed:
        raise Overtaken(
            f"This change is now {now.get_state_display().lower()}; nothing was changed."
        )
    change.state = now.state


def _refuse_unseen(change: Change, seen: str) -> None:
    if seen_of_change(change) != seen:
        raise Overtaken(
            "This change is no longer what you were reading. Read it again; nothing was changed."
        )


def take_step(
    change: Change, after: State, *, by: User, reason: str, release: Release | None = None
) -> Event:
    """The one door for a step of a change: its row, the new state, the audit event.

    release: that which takes it up, for the step that publishes it.
    """
    before = change.state if change.steps.exists() else ""
    ChangeStep.objects.create(
        change=change, from_state=before, to_state=after, by=by, reason=said_reason(reason)
    )
    if change.state != after:
        change.state, change.release = after, release
        change.save(update_fields=["state", "release"])
    # Which entry, never what anybody wrote.
    return record_event(
        action=f"evidence_change.{change.state}",
        actor=by,
        clinic=None,
        object_type="evidence_change",
        object_id=change.pk,
        reason=f"{change.action} {change.entry_kind} {change.entry_key}",
    )


def said_reason(text: str) -> str:
    """The words of a reason. Raises CurationRefused where there are none."""
    if not text.strip():
        raise CurationRefused("Say why, in a few words; nothing was changed.")
    return text.strip()
