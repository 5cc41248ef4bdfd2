"""Changes: drafts, reviews by another person, readings, withdrawals, and what is refused."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from evidence.curation import actions
from evidence.curation.actions import CurationRefused
from evidence.curation.models import Change, ChangeComment, ChangeStep, Reading
from evidence.curation.queries import held_back, seen_of_change
from evidence.curation.withdrawing import withdraw_entry
from evidence.domain.entries import Source
from evidence.domain.terms import EntryKind, Verified, WithdrawnAs
from evidence.loading import load_dossier
from evidence.models import Position, Result
from evidence.models import Source as Row
from evidence.queries import current_evidence, evidence_in_rows
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    make_source,
    publish,
)

pytestmark = pytest.mark.django_db

PHILIP = "philip-2016"


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def test_draft_changes_the_working_copy_and_nothing_published() -> None:
    change = change_source(PHILIP, certainty="very_low")

    assert Row.objects.get(key=PHILIP).certainty == "very_low"
    assert current_evidence() == load_dossier()
    assert held_back() == {(EntryKind.SOURCE, PHILIP)}
    assert [(step.from_state, step.to_state) for step in change.steps.all()] == [("", "draft")]


def test_saving_what_is_published_is_no_change() -> None:
    author, _ = curators()

    saved = actions.save_entry(
        entry=load_dossier().source(PHILIP), by=author, reason="Nothing new."
    )

    assert saved is None
    assert not Change.objects.exists()


def test_second_edit_belongs_to_the_same_change() -> None:
    first = change_source(PHILIP, certainty="very_low")
    second = change_source(PHILIP, certainty="low", note="Again.")

    assert first == second
    assert first.steps.count() == 2


def test_author_never_approves() -> None:
    author, _ = curators()
    change = change_source(PHILIP, certainty="very_low")
    actions.submit(change=change, by=author, reason="Please look.")

    with pytest.raises(CurationRefused, match="Somebody else must approve"):
        actions.approve(change=change, by=author, reason="Fine.", seen=seen_of_change(change))

    assert Change.objects.get().state == "in_review"


def test_second_author_never_approves_either() -> None:
    author, other = curators()
    change_source(PHILIP, certainty="very_low")
    entry = load_dossier().source(PHILIP).model_copy(update={"note": "Seen."})
    change = actions.save_entry(entry=entry, by=other, reason="A note.")
    assert change is not None
    actions.submit(change=change, by=author, reason="Please look.")

    with pytest.raises(CurationRefused, match="Somebody else must approve"):
        actions.approve(change=change, by=other, reason="Fine.", seen=seen_of_change(change))


def test_draft_skips_no_step() -> None:
    _, other = curators()
    change = change_source(PHILIP, certainty="very_low")

    with pytest.raises(CurationRefused, match="This change is now draft"):
        actions.approve(change=change, by=other, reason="Fine.", seen=seen_of_change(change))
    with pytest.raises(CurationRefused, match="This change is now draft"):
        actions.send_back(change=change, by=other, reason="Fine.")


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_every_step_needs_a_reason(reason: str) -> None:
    author, _ = curators()
    change = change_source(PHILIP, certainty="very_low")

    with pytest.raises(CurationRefused, match="Say why"):
        actions.submit(change=change, by=author, reason=reason)
    with pytest.raises(CurationRefused, match="Say why"):
        actions.comment(change=change, by=author, text=reason)


def test_entry_under_review_is_not_written() -> None:
    author, _ = curators()
    actions.submit(change=change_source(PHILIP, note="Seen."), by=author, reason="Please look.")

    with pytest.raises(CurationRefused, match="in review"):
        change_source(PHILIP, note="Something else.")

    assert Row.objects.get(key=PHILIP).note == "Seen."


def test_raised_reading_says_what_was_read_by_whom_and_when() -> None:
    author, _ = curators()
    entry = load_dossier().source(PHILIP).model_copy(update={"verified": Verified.FULL_TEXT})

    with pytest.raises(CurationRefused, match="Say what was read"):
        actions.save_entry(entry=entry, by=author, reason="Read.")
    actions.save_entry(entry=entry, by=author, reason="Read.", was_read="All nine pages.")

    reading = Reading.objects.get()
    assert (reading.from_verified, reading.to_verified) == ("abstract", "full_text")
    assert (reading.was_read, reading.by) == ("All nine pages.", author)
    assert reading.at is not None


def test_lowered_reading_needs_no_note() -> None:
    author, _ = curators()
    entry = load_dossier().source(PHILIP).model_copy(update={"verified": Verified.UNVERIFIED})

    assert actions.save_entry(entry=entry, by=author, reason="I could not find it.")


def test_new_entry_starts_unverified() -> None:
    author, _ = curators()

    with pytest.raises(CurationRefused, match="Say what was read"):
        actions.save_entry(entry=make_source(key="new-2026"), by=author, reason="Found.")

    assert not Row.objects.filter(key="new-2026").exists()


def test_discarded_draft_leaves_what_is_published() -> None:
    author, _ = curators()
    before = load_dossier().source(PHILIP)
    change = change_source(PHILIP, results=(), certainty="very_low")
    assert not Result.objects.filter(source=PHILIP).exists()

    actions.discard(change=change, by=author, reason="A mistake.", seen=seen_of_change(change))

    assert evidence_in_rows("now").source(PHILIP) == before
    assert not held_back()


def test_discarded_new_entry_is_gone_from_the_working_copy() -> None:
    author, _ = curators()
    change = actions.save_entry(
        entry=make_source(key="new-2026"), by=author, reason="Found.", was_read="The abstract."
    )
    assert change is not None

    actions.discard(change=change, by=author, reason="Not about this.", seen=seen_of_change(change))

    assert not Row.objects.filter(key="new-2026").exists()
    assert Row.history.filter(key="new-2026").exists()


def test_new_entry_that_another_speaks_of_is_not_discarded() -> None:
    author, _ = curators()
    change = actions.save_entry(
        entry=make_source(key="new-2026"), by=author, reason="Found.", was_read="The abstract."
    )
    Position.objects.filter(id="canmat2023-itbs").update(guideline="new-2026")
    assert change is not None

    with pytest.raises(CurationRefused, match="Another entry speaks of this one"):
        actions.discard(
            change=change, by=author, reason="Not about this.", seen=seen_of_change(change)
        )

    assert Change.objects.get().state == "draft"


def test_withdrawal_waits_for_an_open_change() -> None:
    author, _ = curators()
    change_source(PHILIP, note="Seen.")

    with pytest.raises(CurationRefused, match="Finish or discard it first"):
        withdraw_entry(
            kind=EntryKind.SOURCE,
            key=PHILIP,
            withdrawn_as=WithdrawnAs.WRONG,
            by=author,
            reason="Not this one.",
        )


@pytest.mark.parametrize("kind", list(EntryKind))
def test_entries_of_every_kind_can_be_withdrawn(kind: EntryKind) -> None:
    author, _ = curators()
    entry = current_evidence().entries(kind)[0]
    key = entry.key if isinstance(entry, Source) or hasattr(entry, "key") else entry.id

    approve(
        withdraw_entry(
            kind=kind,
            key=key,
            withdrawn_as=WithdrawnAs.SUPERSEDED,
            by=author,
            reason="A newer one.",
        )
    )
    publish()

    withdrawal = current_evidence().withdrawal(kind, key)
    assert withdrawal is not None
    assert (withdrawal.withdrawn_as, withdrawal.reason) == ("superseded", "A newer one.")
    assert current_evidence().entry(kind, key) == entry


def test_withdrawn_position_supports_nothing() -> None:
    author, _ = curators()
    assert not current_evidence().is_position_withdrawn("canmat2023-itbs")

    approve(
        withdraw_entry(
            kind=EntryKind.POSITION,
            key="canmat2023-itbs",
            withdrawn_as=WithdrawnAs.SUPERSEDED,
            by=author,
            reason="A newer one.",
        )
    )
    publish()

    assert current_evidence().is_position_withdrawn("canmat2023-itbs")
    assert not current_evidence().is_retracted("lam-2024-canmat")


@pytest.mark.parametrize("model", [ChangeStep, ChangeComment, Reading])
def test_database_keeps_steps_comments_and_readings(model: type[ChangeStep]) -> None:
    author, _ = curators()
    change = change_source(PHILIP, verified=Verified.FULL_TEXT)
    actions.comment(change=change, by=author, text="Look at table 2.")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(by=author)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all().delete()


def test_entry_has_one_open_change() -> None:
    change_source(PHILIP, note="Seen.")

    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(entry_kind="source", entry_key=PHILIP, action="edit")
