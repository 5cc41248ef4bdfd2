"""Nobody agrees to what they have not read: a page out of date approves and signs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from evidence.curation import actions, releasing
from evidence.curation.actions import CurationRefused
from evidence.curation.models import Change, ReleaseDraft
from evidence.curation.queries import seen_of_change, seen_of_draft
from evidence.curation.release_actions import make_release
from evidence.models import Release
from evidence.models import Source as Row
from evidence.queries import current_evidence
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    prepare,
)
from tests.factories import PASSWORD

ClientFor = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)

KEY, OTHER_KEY = "philip-2016", "senova-2019"
HARMLESS, EVIL = "A harmless note.", "A NOTE THAT NOBODY READ."


@pytest.fixture(autouse=True)
def _dossier(transactional_db: None) -> None:
    load_own_dossier()


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found, "The page does not say what it shows"
    return found.group(1)


def submitted(note: str) -> Change:
    author, _ = curators()
    change = change_source(KEY, note=note)
    actions.submit(change=change, by=author, reason="Please look.")
    return change


# Changes


@pytest.mark.parametrize("step", ["approve", "discard"])
def test_page_from_before_another_edit_takes_no_step(client_for: ClientFor, step: str) -> None:
    author, approver = curators()
    change = submitted(HARMLESS)
    address = reverse("curation:change", args=[change.pk])
    client = client_for(approver)
    seen = seen_in(client.get(address).content.decode())
    actions.send_back(change=change, by=author, reason="One more thing.")
    submitted(EVIL)

    posted = {"step": step, "reason": "Read and agreed.", "seen": seen}
    page = client.post(address, posted).content.decode()

    assert "no longer what you were reading" in page
    assert Change.objects.get().state == "in_review"
    assert EVIL in page
    assert seen_in(page) != seen


def test_page_as_it_is_approves(client_for: ClientFor) -> None:
    _, approver = curators()
    change = submitted(HARMLESS)
    address = reverse("curation:change", args=[change.pk])
    client = client_for(approver)
    seen = seen_in(client.get(address).content.decode())

    client.post(address, {"step": "approve", "reason": "Read and agreed.", "seen": seen})

    assert Change.objects.get().state == "approved"


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_nothing_seen_is_nothing_approved(client_for: ClientFor, seen: str) -> None:
    change = submitted(HARMLESS)
    address = reverse("curation:change", args=[change.pk])

    client_for(curators()[1]).post(address, {"step": "approve", "reason": "Fine.", "seen": seen})

    assert Change.objects.get().state == "in_review"


def test_comment_makes_no_page_out_of_date() -> None:
    author, approver = curators()
    change = submitted(HARMLESS)
    seen = seen_of_change(change)

    actions.comment(change=change, by=author, text="See page 4.")
    actions.approve(change=change, by=approver, reason="Fine.", seen=seen)

    assert Change.objects.get().state == "approved"


class Elsewhere:
    """Something done by another thread with a connection of its own; `refused` says why not."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act, self.refused = act, ""
        self.thread = Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.act()
        except CurationRefused as refused:
            self.refused = str(refused)
        finally:
            connection.close()

    def ended(self, seconds: float | None = None) -> bool:
        """Whether it is done, after at most so long."""
        self.thread.join(seconds)
        return not self.thread.is_alive()


@on_postgresql
def test_approver_who_writes_at_the_same_time_is_an_author() -> None:
    """The edit is not committed yet when the approval begins."""
    author, approver = curators()
    change = change_source(KEY, note=HARMLESS)

    with transaction.atomic():
        entry = current_evidence().source(KEY).model_copy(update={"note": EVIL})
        actions.save_entry(entry=entry, by=approver, reason="A word.")
        actions.submit(change=change, by=author, reason="Please look.")
        seen = seen_of_change(Change.objects.get())
        approving = Elsewhere(
            lambda: actions.approve(
                change=Change.objects.get(), by=approver, reason="Fine.", seen=seen
            )
        )
        assert not approving.ended(0.5)

    assert approving.ended()
    assert "You wrote part of this change" in approving.refused
    assert Change.objects.get().state == "in_review"


@on_postgresql
def test_edit_that_began_before_an_approval_is_not_kept_after_it() -> None:
    author, approver = curators()
    change = submitted(HARMLESS)
    seen = seen_of_change(change)

    def edit() -> None:
        entry = current_evidence().source(KEY).model_copy(update={"note": EVIL})
        actions.save_entry(entry=entry, by=author, reason="A word.")

    with transaction.atomic():
        actions.approve(change=change, by=approver, reason="Fine.", seen=seen)
        editing = Elsewhere(edit)
        assert not editing.ended(0.5)

    assert editing.ended()
    assert "Take the change back to draft" in editing.refused
    assert Row.objects.get(pk=KEY).note == HARMLESS


# Releases


def prepared() -> ReleaseDraft:
    approve(change_source(KEY, note=HARMLESS))
    return prepare(by=curators()[0], notes="One note.")


def draft_address(draft: ReleaseDraft) -> str:
    return reverse("curation:draft", args=[draft.pk])


def sign(client: Client, draft: ReleaseDraft, **posted: str) -> str:
    """The page that answers."""
    address = reverse("curation:sign", args=[draft.pk])
    return client.post(address, posted, follow=True).content.decode()


def test_signature_counts_for_what_the_page_listed(client_for: ClientFor) -> None:
    author, approver = curators()
    draft, client = prepared(), client_for(approver)
    seen = seen_in(client.get(draft_address(draft)).content.decode())
    (change,) = Change.objects.all()
    actions.send_back(change=change, by=author, reason="Another reason.")
    approve(change)

    page = sign(client, draft, password=PASSWORD, seen=seen)

    assert "no longer what you were reading" in page
    assert Release.objects.count() == 1


def test_signature_needs_the_password_and_the_page(client_for: ClientFor) -> None:
    draft, client = prepared(), client_for(curators()[1])
    seen = seen_in(client.get(draft_address(draft)).content.decode())
    refused = (
        ("Enter your password to sign", {"seen": seen}),
        ("This is neither your password nor a code", {"seen": seen, "password": "wrong"}),
        ("no longer what you were reading", {"password": PASSWORD}),
        ("no longer what you were reading", {"seen": "0" * 64, "password": PASSWORD}),
    )

    for why, posted in refused:
        assert why in sign(client, draft, **posted)
        assert Release.objects.count() == 1
    assert Event.objects.filter(action="evidence_release.signed", outcome="refused").exists()

    assert "Published as release" in sign(client, draft, seen=seen, password=PASSWORD)
    assert Release.objects.count() == 2


def test_preparing_person_cannot_sign_with_the_password(client_for: ClientFor) -> None:
    draft, client = prepared(), client_for(curators()[0])

    page = sign(client, draft, seen=seen_of_draft(draft), password=PASSWORD)

    assert "Somebody else must sign it" in page
    assert 'name="password"' not in client.get(draft_address(draft)).content.decode()
    assert Release.objects.count() == 1


@on_postgresql
def test_what_is_approved_while_a_release_is_signed_stays_approved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft = prepared()
    seen = seen_of_draft(draft)

    def make_slowly(**how: object) -> Release | None:
        late = Elsewhere(lambda: approve(change_source(OTHER_KEY, note="Late.")))
        assert late.ended()
        return make_release(**how)  # type: ignore[arg-type]

    monkeypatch.setattr(releasing, "make_release", make_slowly)
    releasing.sign_and_publish(draft=draft, by=curators()[1], seen=seen)

    assert Change.objects.get(entry_key=KEY).state == "published"
    assert Change.objects.get(entry_key=OTHER_KEY).state == "approved"
    assert current_evidence().source(OTHER_KEY).note != "Late."
