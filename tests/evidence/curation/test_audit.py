"""Every step of curation leaves an audit event that says which entry, and nothing anybody wrote."""

from __future__ import annotations

import pytest

from evidence.curation.actions import discard, send_back, submit
from evidence.curation.queries import seen_of_change
from evidence.curation.releasing import drop
from evidence.curation.withdrawing import withdraw_entry
from evidence.domain.terms import EntryKind, WithdrawnAs
from kapnet.core.audit.models import Event
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    prepare,
    prepare_and_sign,
)

pytestmark = pytest.mark.django_db

KEY = "philip-2016"


def actions() -> list[str]:
    """The actions of all events about evidence, in order."""
    found = Event.objects.filter(action__startswith="evidence_").order_by("pk")
    return list(found.values_list("action", flat=True))


def test_loading_the_dossier_is_a_published_release(no_evidence: None) -> None:
    load_own_dossier()

    event = Event.objects.get(action="evidence_release.published")

    assert (event.actor, event.clinic) == (None, None)


def test_way_from_draft_to_release_is_written_down() -> None:
    author, signer = curators()
    approve(
        withdraw_entry(
            kind=EntryKind.SOURCE,
            key=KEY,
            withdrawn_as=WithdrawnAs.RETRACTED,
            by=author,
            reason="A reason in words.",
        )
    )
    release = prepare_and_sign()

    assert actions() == [
        "evidence_change.draft",
        "evidence_change.in_review",
        "evidence_change.approved",
        "evidence_release.asked_for",
        "evidence_release.prepared",
        "evidence_release.published",
        "evidence_change.published",
        "evidence_release.signed",
    ]
    signed = Event.objects.get(action="evidence_release.signed")
    drafted = Event.objects.get(action="evidence_change.draft")
    assert (signed.actor, signed.reason) == (signer, release.name)
    assert (drafted.actor, drafted.reason) == (author, f"withdraw source {KEY}")
    assert not Event.objects.filter(reason__icontains="in words").exists()


def test_steps_back_are_written_down() -> None:
    author, _ = curators()
    change = change_source(KEY, note="Seen.")
    submit(change=change, by=author, reason="Please.")
    send_back(change=change, by=author, reason="Not yet.")
    discard(change=change, by=author, reason="Never.", seen=seen_of_change(change))

    assert actions() == [
        "evidence_change.draft",
        "evidence_change.in_review",
        "evidence_change.draft",
        "evidence_change.discarded",
    ]


def test_dropped_draft_is_written_down_once() -> None:
    author, signer = curators()
    approve(change_source(KEY, note="Seen."))
    draft = prepare(by=author, notes="A note.")

    drop(draft=draft, by=signer)
    drop(draft=draft, by=signer)

    assert actions().count("evidence_release.dropped") == 1
    assert Event.objects.get(action="evidence_release.dropped").actor == signer


def test_release_is_published_once() -> None:
    approve(change_source(KEY, note="Seen."))
    prepare_and_sign()

    assert actions().count("evidence_release.published") == 1
