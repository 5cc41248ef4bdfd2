"""Releases: prepared by one person, signed by another, out of date when things move on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evidence.curation import actions, preparing, releasing
from evidence.curation.actions import CurationRefused
from evidence.curation.models import Change, ChangeStep, ReleaseDraft
from evidence.curation.queries import seen_of_draft
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import Impact, Progress
from evidence.domain.terms import EntryKind
from evidence.hooks import impact_of
from evidence.loading import load_dossier
from evidence.models import Release
from evidence.models import Source as Row
from evidence.queries import current_evidence, evidence_in_rows, evidence_of
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    make_source,
    prepare,
    prepare_and_sign,
    publish,
    withdraw,
)
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

PHILIP = "philip-2016"
SENOVA = "senova-2019"


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def test_release_takes_up_what_is_approved_and_nothing_else() -> None:
    approve(change_source(PHILIP, note="Approved."))
    change_source(SENOVA, note="A draft.")

    release = prepare_and_sign("A note on Philip 2016.")

    assert current_evidence().source(PHILIP).note == "Approved."
    assert current_evidence().source(SENOVA) == load_dossier().source(SENOVA)
    assert list(release.changes.values_list("entry_key", flat=True)) == [PHILIP]
    assert Change.objects.get(entry_key=SENOVA).state == "draft"


@pytest.mark.both_databases
def test_release_carries_number_names_and_content() -> None:
    author, approver = curators()
    approve(change_source(PHILIP, note="Seen."))

    release = prepare_and_sign("A note on Philip 2016.")

    assert (release.number, release.name) == (2, "2026-12.1")
    assert (release.author, release.approver) == (author, approver)
    assert release.notes == "A note on Philip 2016."
    assert evidence_of(release).sha256 == release.sha256


def test_release_that_a_factory_makes_at_once_is_as_if_two_people_had_made_it() -> None:
    approve(change_source(PHILIP, note="Seen."))

    assert _made_and_taken_back(publish) == _made_and_taken_back(prepare_and_sign)


def _made_and_taken_back(publishing: Callable[[], Release]) -> list[object]:
    """The release, its changes and what is written down of it, without a word of its draft."""
    with transaction.atomic():
        newest = Event.objects.order_by("-pk")[0].pk
        release = publishing()
        of_draft = {"object_type": "evidence_release_draft"}
        made: list[object] = [
            Release.objects.filter(pk=release.pk).values_list(
                "number", "name", "sha256", "content", "notes", "author", "approver"
            )[0],
            list(release.changes.values_list("entry_kind", "entry_key", "state")),
            list(ChangeStep.objects.values_list("change", "to_state", "by", "reason")),
            list(
                Event.objects.filter(pk__gt=newest)
                .exclude(**of_draft)
                .values_list("action", "actor", "object_type", "reason")
            ),
        ]
        transaction.set_rollback(True)
    return made


def test_preparing_person_never_signs() -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = prepare(by=author, notes="A note.")

    with pytest.raises(CurationRefused, match="Somebody else must sign"):
        releasing.sign_and_publish(draft=draft, by=author, seen=seen_of_draft(draft))

    assert Release.objects.count() == 1


def test_nothing_approved_is_nothing_to_release() -> None:
    author, _ = curators()
    change_source(PHILIP, note="A draft.")

    with pytest.raises(CurationRefused, match="No change is approved"):
        prepare(by=author, notes="Nothing.")


def test_release_says_what_changed() -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))

    with pytest.raises(CurationRefused, match="words for clinicians"):
        prepare(by=author, notes=" ")


def test_list_that_is_out_of_date_is_not_signed() -> None:
    author, approver = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = prepare(by=author, notes="A note.")
    approve(change_source(SENOVA, note="Seen too."))

    with pytest.raises(CurationRefused, match="Prepare the release again"):
        releasing.sign_and_publish(draft=draft, by=approver, seen=seen_of_draft(draft))

    assert Release.objects.count() == 1
    assert set(Change.objects.values_list("state", flat=True)) == {"approved"}


def test_list_for_other_editions_is_not_signed(client_for: Callable[[User], Client]) -> None:
    author, approver = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = prepare(by=author, notes="A note.")
    client, sign = client_for(approver), reverse("curation:sign", args=[draft.pk])

    answers: list[Any] = []
    impact: dict[str, Any] = draft.impact or {}
    others: list[dict[str, Any]] = [
        {"edition": "2020.1"},
        {"edition_sha256": "another"},
        {"editions": []},
    ]
    for other in others:
        ReleaseDraft.objects.filter(pk=draft.pk).update(impact={**impact, **other})
        now = ReleaseDraft.objects.get(pk=draft.pk)
        page = client.get(reverse("curation:draft", args=[draft.pk])).content.decode()
        assert "The rules by which cases are decided have changed" in page
        assert "Sign and publish</button>" not in page
        answers.append(client.post(sign, {"password": PASSWORD, "seen": seen_of_draft(now)}))

    assert [one.status_code for one in answers] == [409, 409, 409]
    assert "Prepare the release again; nothing was published." in answers[0].content.decode()
    assert Release.objects.count() == 1


def test_edition_that_nobody_uses_any_more_outdates_no_list() -> None:
    author, approver = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = prepare(by=author, notes="A note.")
    impact: dict[str, Any] = draft.impact or {}
    more = {**impact, "editions": [*impact["editions"], ["2020.1", "a hash"]]}
    ReleaseDraft.objects.filter(pk=draft.pk).update(impact=more)
    draft.refresh_from_db()

    releasing.sign_and_publish(draft=draft, by=approver, seen=seen_of_draft(draft))

    assert Release.objects.count() == 2


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_the_impact_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    locked = []

    def look(before: EvidenceBase, after: EvidenceBase, progress: Progress) -> Impact:
        locked.append(connection.in_atomic_block)
        return impact_of(before, after, progress)

    monkeypatch.setattr(preparing, "impact_of", look)
    prepare(by=author, notes="A note.")

    assert locked == [False]


@pytest.mark.both_databases
def test_what_is_approved_while_the_impact_is_worked_out_is_not_in_a_draft(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))

    def approve_meanwhile(before: EvidenceBase, after: EvidenceBase, progress: Progress) -> Impact:
        approve(change_source(SENOVA, note="Seen too."))
        return impact_of(before, after, progress)

    monkeypatch.setattr(preparing, "impact_of", approve_meanwhile)
    draft = prepare(by=author, notes="A note.")

    assert (draft.status, draft.impact) == ("dropped", None)
    assert "has changed since" in draft.problem


def test_progress_is_written_down_and_dropping_ends_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = releasing.ask_for_release(by=author, notes="A note.")
    told = []

    def look(before: EvidenceBase, after: EvidenceBase, progress: Progress) -> Impact:
        progress(1, 3)
        told.append(ReleaseDraft.objects.values_list("looked_at", "to_look_at").get(pk=draft.pk))
        releasing.drop(draft=draft, by=author)
        progress(3, 3)
        raise AssertionError("It went on although nobody wants it any more")

    monkeypatch.setattr(preparing, "impact_of", look)
    preparing.work_out(draft.pk)

    assert told == [(1, 3)]
    assert ReleaseDraft.objects.get().status == "dropped"


def test_cases_that_are_saved_meanwhile_are_not_written_down_one_by_one(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = releasing.ask_for_release(by=author, notes="A note.")

    def look(before: EvidenceBase, after: EvidenceBase, progress: Progress) -> Impact:
        with django_assert_max_num_queries(3):
            for looked_at in range(1, 200):
                progress(looked_at, max(looked_at, 100))
        return impact_of(before, after)

    monkeypatch.setattr(preparing, "TOLD_EVERY_SECONDS", 60.0)
    monkeypatch.setattr(preparing, "impact_of", look)
    preparing.work_out(draft.pk)

    draft.refresh_from_db()
    assert (draft.counting, draft.looked_at, draft.to_look_at) == ("done", 100, 100)


def test_worker_that_was_thought_dead_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = releasing.ask_for_release(by=author, notes="A note.")
    long_ago = timezone.now() - preparing.SILENT_AFTER - timedelta(seconds=1)
    counted: list[int] = []

    def look(before: EvidenceBase, after: EvidenceBase, progress: Progress) -> Impact:
        counted.append(len(counted))
        if len(counted) == 1:
            with pytest.raises(preparing.CountedElsewhere):
                preparing.work_out(draft.pk)
            assert counted == [0], "It was taken over although its worker gives signs of life"
            ReleaseDraft.objects.update(moved_at=long_ago)
            preparing.work_out(draft.pk)
        return impact_of(before, after, progress)

    monkeypatch.setattr(preparing, "impact_of", look)
    preparing.work_out(draft.pk)

    assert counted == [0, 1]
    draft.refresh_from_db()
    assert (draft.status, draft.counting) == ("open", "done")
    assert Event.objects.filter(action="evidence_release.prepared").count() == 1


def test_database_that_is_away_leaves_the_count_to_the_next_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = releasing.ask_for_release(by=author, notes="A note.")

    def be_away(*some: object) -> Impact:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as away:
        away.setattr(preparing, "impact_of", be_away)
        with pytest.raises(OperationalError):
            preparing.work_out(draft.pk)
    draft.refresh_from_db()
    assert (draft.counting, draft.problem) == ("waiting", preparing.BY_ITSELF)

    preparing.work_out(draft.pk)

    draft.refresh_from_db()
    assert (draft.counting, draft.problem) == ("done", "")


@pytest.mark.parametrize("side", ["before_sha256", "after_sha256"])
def test_impact_between_other_contents_is_not_signed(side: str) -> None:
    author, approver = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = prepare(by=author, notes="A note.")
    impact: dict[str, Any] = draft.impact or {}
    ReleaseDraft.objects.update(impact={**impact, side: "another"})
    draft.refresh_from_db()

    with pytest.raises(CurationRefused, match="Prepare the release again"):
        releasing.sign_and_publish(draft=draft, by=approver, seen=seen_of_draft(draft))


def test_working_it_out_again_changes_nothing() -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))
    draft = prepare(by=author, notes="A note.")

    preparing.work_out(draft.pk)

    assert Event.objects.filter(action="evidence_release.prepared").count() == 1


def test_every_case_and_patient_is_counted_on_the_way() -> None:
    counts: list[tuple[int, int]] = []
    published = current_evidence()

    found = impact_of(published, published, lambda *one: counts.append(one))

    assert counts[-1] == (found.compared + found.refused, found.compared + found.refused)
    assert [one for one, _ in counts] == [*range(1, len(counts) + 1)]


def test_newer_draft_takes_the_place_of_the_older() -> None:
    author, approver = curators()
    approve(change_source(PHILIP, note="Seen."))
    older = prepare(by=author, notes="A note.")
    prepare(by=author, notes="A better note.")

    with pytest.raises(CurationRefused, match="no longer open"):
        releasing.sign_and_publish(draft=older, by=approver, seen=seen_of_draft(older))

    assert ReleaseDraft.objects.filter(status="open").count() == 1


def test_dropped_draft_leaves_its_changes_approved() -> None:
    author, _ = curators()
    approve(change_source(PHILIP, note="Seen."))

    releasing.drop(draft=prepare(by=author, notes="A note."), by=author)

    assert Change.objects.get().state == "approved"
    assert prepare_and_sign().number == 2


def test_what_speaks_of_an_unapproved_source_is_not_released() -> None:
    author, _ = curators()
    actions.save_entry(
        entry=make_source(key="new-2026"), by=author, reason="Found.", was_read="The abstract."
    )
    claim = current_evidence().claims[0].model_copy(update={"evidence": ("new-2026",)})
    change = actions.save_entry(entry=claim, by=author, reason="A better source.")
    assert change is not None
    approve(change)

    with pytest.raises(CurationRefused, match="no source has the key new-2026"):
        prepare(by=author, notes="A claim.")


@pytest.mark.both_databases
def test_rollback_is_a_new_release_with_the_old_content() -> None:
    author, approver = curators()
    first = Release.objects.get()
    withdraw(PHILIP)

    draft = prepare(by=author, notes="The retraction was an error.", rolls_back_to=first)
    release = releasing.sign_and_publish(draft=draft, by=approver, seen=seen_of_draft(draft))

    assert release.number == 3
    assert current_evidence().sha256 == load_dossier().sha256
    assert evidence_in_rows("now").sha256 == load_dossier().sha256
    assert Release.objects.count() == 3


def test_rollback_keeps_drafts_and_makes_drafts_of_what_it_takes_out() -> None:
    author, approver = curators()
    first = Release.objects.get()
    added = actions.save_entry(
        entry=make_source(key="new-2026"), by=author, reason="Found.", was_read="The abstract."
    )
    assert added is not None
    approve(added)
    prepare_and_sign()
    change_source(SENOVA, note="A draft.")

    draft = prepare(by=author, notes="Too early.", rolls_back_to=first)
    releasing.sign_and_publish(draft=draft, by=approver, seen=seen_of_draft(draft))

    assert not current_evidence().has_source("new-2026")
    assert Row.objects.get(key="new-2026").title == "A trial"
    assert Row.objects.get(key=SENOVA).note == "A draft."
    waiting = Change.objects.filter(state="draft").order_by("entry_key")
    assert [one.entry_key for one in waiting] == ["new-2026", SENOVA]


def test_rows_after_a_release_are_its_content() -> None:
    approve(change_source(PHILIP, note="Seen."))

    release = prepare_and_sign()

    assert evidence_in_rows("now").sha256 == release.sha256
    assert current_evidence().entry(EntryKind.SOURCE, PHILIP) is not None
