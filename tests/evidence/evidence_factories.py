"""Plain typed functions that make evidence for tests."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, transaction

from evidence.curation.actions import approve as approve_change
from evidence.curation.actions import save_entry, submit
from evidence.curation.models import Change, ReleaseDraft
from evidence.curation.preparing import work_out
from evidence.curation.queries import approved_changes, seen_of_change, seen_of_draft
from evidence.curation.release_actions import load_evidence, make_release
from evidence.curation.releasing import (
    ask_for_release,
    close_changes,
    content_of,
    sign_and_publish,
)
from evidence.curation.withdrawing import withdraw_entry
from evidence.domain.entries import EvidenceBase, Source
from evidence.domain.parts import Result
from evidence.domain.terms import EntryKind, Kind, Verified, WithdrawnAs
from evidence.loading import load_dossier
from evidence.models import Release
from evidence.queries import current_evidence
from kapnet.core.people.models import User
from tests.factories import PASSWORD, make_user
from tests.triggers import triggers_off


def make_result(**fields: Any) -> Result:
    """A proportion unless told otherwise."""
    return Result(**{"measure": "response", "arm": "TMS", "unit": "percent", **fields})


def make_source(**fields: Any) -> Source:
    """A small trial unless told otherwise."""
    usual = {
        "key": "some-2020",
        "kind": Kind.RCT,
        "title": "A trial",
        "authors": ("Some A",),
        "year": 2020,
        "verified": Verified.ABSTRACT,
    }
    return Source(**{**usual, **fields})


def with_source(evidence: EvidenceBase, key: str, **changes: Any) -> EvidenceBase:
    """The evidence with one source changed."""
    sources = tuple(
        one.model_copy(update=changes) if one.key == key else one for one in evidence.sources
    )
    return evidence.changed(sources=sources)


def curators() -> tuple[User, User]:
    """Two evidence admins, the same two each time."""
    found = list(User.objects.filter(name__startswith="Curator ").order_by("name"))
    if not found:
        found = [
            make_user(name=f"Curator {n}", password=PASSWORD, is_evidence_admin=True)
            for n in (1, 2)
        ]
    return found[0], found[1]


def approve(change: Change) -> None:
    """One asks for review, the other approves."""
    author, approver = curators()
    submit(change=change, by=author, reason="Please look at it.")
    approve_change(
        change=change, by=approver, reason="Read and agreed.", seen=seen_of_change(change)
    )


def prepare(*, by: User, notes: str, rolls_back_to: Release | None = None) -> ReleaseDraft:
    """A release that waits for a signature, or that was given up; the worker has run."""
    draft = ask_for_release(by=by, notes=notes, rolls_back_to=rolls_back_to)
    work_out(draft.pk)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def publish(notes: str = "For this test.") -> Release:
    """All that is approved, as `prepare_and_sign` leaves it but without a draft and its impact."""
    author, approver = curators()
    release = make_release(evidence=content_of(None), notes=notes, author=author, approver=approver)
    assert release is not None
    close_changes(list(approved_changes()), release, by=approver)
    return release


def prepare_and_sign(notes: str = "For this test.") -> Release:
    """All that is approved: one prepares, the other signs."""
    author, approver = curators()
    draft = prepare(by=author, notes=notes)
    return sign_and_publish(draft=draft, by=approver, seen=seen_of_draft(draft))


def withdraw(
    key: str,
    *,
    reason: str = "Data withdrawn.",
    kind: EntryKind = EntryKind.SOURCE,
    withdrawn_as: WithdrawnAs = WithdrawnAs.RETRACTED,
) -> Release:
    """Withdraw an entry the whole way, to the release."""
    author, _ = curators()
    approve(withdraw_entry(kind=kind, key=key, withdrawn_as=withdrawn_as, by=author, reason=reason))
    return publish(f"Withdrawn: {key}.")


def change_source(key: str, **fields: Any) -> Change:
    """A draft that changes a source of the current release."""
    author, _ = curators()
    entry = Source.model_validate({**current_evidence().source(key).model_dump(), **fields})
    change = save_entry(entry=entry, by=author, reason="Read again.", was_read="The abstract.")
    assert change is not None
    return change


def add_source(source: Source) -> Change:
    """A draft that adds a source."""
    author, _ = curators()
    change = save_entry(entry=source, by=author, reason="New.", was_read="The abstract.")
    assert change is not None
    return change


def load_own_dossier() -> None:
    """The project's own evidence, where a test has taken it out of its database."""
    if not Release.objects.exists():
        load_evidence(evidence=load_dossier())


def take_evidence_out() -> None:
    """The database of an installation that has loaded no evidence yet."""
    tables = [model._meta.db_table for model in apps.get_app_config("evidence").get_models()]
    with triggers_off(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            return
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608, names of tables
