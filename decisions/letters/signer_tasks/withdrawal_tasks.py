"""What a release of evidence does to signed letters that cite what it withdraws, or restores."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django_scopes import scopes_disabled

from decisions.cases.decision.citing import decisions_naming
from decisions.cases.decision.withdrawn_evidence import (
    WithdrawnSource,
    entries_withdrawn_in,
    withdrawn_keys,
)
from decisions.letters.models import Letter, LetterTask
from decisions.letters.signer_tasks.tasks import (
    ClosedAs,
    Reason,
    end_task,
    open_task,
    open_tasks,
    standing_letters,
)
from decisions.rules.engine.outcomes import Outcome
from evidence.domain.entries import EvidenceBase
from evidence.domain.release_content import Name
from evidence.domain.terms import EntryKind
from evidence.models import Release
from evidence.queries import evidence_of


@transaction.atomic
def follow_release(release: Release) -> None:
    """Open a task for every signed letter that rests on what this release withdraws, in all
    clinics, and close those whose evidence counts again. Following twice changes nothing."""
    after = evidence_of(release)
    earlier = Release.objects.filter(number__lt=release.number).first()
    with scopes_disabled():
        _close_restored(after, release)
        _open_new(evidence_of(earlier) if earlier else None, after, release)


def _close_restored(after: EvidenceBase, release: Release) -> None:
    for task in open_tasks().filter(reason=Reason.WITHDRAWN):
        if _counts(after, EntryKind(task.entry_kind), task.entry_key):
            end_task(
                task,
                ClosedAs.RESTORED,
                action="letter.evidence_restored",
                ended_by=release.approver,
                told=release.name,
            )


def _counts(evidence: EvidenceBase, kind: EntryKind, key: str) -> bool:
    """Whether an entry is there and supports something. One that is gone does not count."""
    if kind is EntryKind.POSITION:
        return evidence.has_position(key) and not evidence.is_position_withdrawn(key)
    return evidence.has_source(key) and not evidence.is_retracted(key)


def _open_new(before: EvidenceBase | None, after: EvidenceBase, release: Release) -> None:
    known = _known_tasks()
    for letter in _letters_citing(withdrawn_keys(after)):
        outcome = Outcome.model_validate(letter.decision.outcome)
        earlier = entries_withdrawn_in(outcome, before) if before else {}
        for name, told in entries_withdrawn_in(outcome, after).items():
            is_open = known.get((letter.pk, *name))
            if is_open is None or (not is_open and name not in earlier):
                _open(letter, name, told, release)


def _known_tasks() -> dict[tuple[object, ...], bool]:
    """Whether a task is open, by letter and entry; an entry that never had one is not in it."""
    tasks = LetterTask.objects.filter(reason=Reason.WITHDRAWN).order_by("pk")
    rows = tasks.values_list("letter_id", "entry_kind", "entry_key", "closed_at")
    return {(letter, kind, key): closed_at is None for letter, kind, key, closed_at in rows}


def _letters_citing(keys: frozenset[str]) -> Iterator[Letter]:
    """Signed letters of all clinics that no other replaces, if their decision names a key."""
    return (
        standing_letters()
        .filter(decision__in=decisions_naming(keys).values("pk"))
        .select_related("clinic", "decision")
        .only("case_id", "clinic", "decision__outcome", "decision__case_id")
        .iterator(chunk_size=100)
    )


def _open(letter: Letter, name: Name, told: WithdrawnSource, release: Release) -> None:
    open_task(
        letter=letter,
        reason=Reason.WITHDRAWN,
        opened_by=release.approver,
        told=release.name,
        entry_kind=name[0],
        entry_key=name[1],
        source_key=told.key,
        label=told.label,
        why=told.why,
        release=release,
    )
