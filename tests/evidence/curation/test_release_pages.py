"""The page of a release on its way: how far it is, who is missing, and what gets it going again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evidence.curation.models import Change, ReleaseDraft
from evidence.curation.preparing import STILL_AFTER
from kapnet.core.audit.models import Event
from kapnet.core.background.jobs import note_beat
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import approve, change_source, curators, load_own_dossier
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(client_for: Callable[[User], Client]) -> Client:
    load_own_dossier()
    approve(change_source("philip-2016", note="Seen."))
    return client_for(curators()[0])


def ask(client: Client, **fields: str) -> ReleaseDraft:
    client.post(reverse("curation:releases"), fields)
    return ReleaseDraft.objects.get(status="preparing")


def page_of(client: Client, draft: ReleaseDraft) -> str:
    return client.get(reverse("curation:draft", args=[draft.pk])).content.decode()


def asked_of_workers() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="work_out_impact").count()


def test_page_says_how_far_it_is_and_then_what_would_change(client: Client) -> None:
    draft = ask(client, notes="A note.")
    nobody = page_of(client, draft)
    note_beat("tests")
    ReleaseDraft.objects.update(looked_at=3, to_look_at=49)
    on_its_way = page_of(client, draft)

    worked()
    done = page_of(client, draft)

    assert "no worker runs" in nobody
    assert "Look again" in nobody
    assert "no worker runs" not in on_its_way
    assert "3 of 49 cases" in on_its_way
    assert "Sign and publish</button>" not in on_its_way
    assert 'hx-trigger="every 2s"' in on_its_way
    assert "What it would change" in done
    assert "Somebody else reads this list" in done
    assert 'hx-trigger="every 2s"' not in done
    assert Change.objects.get().state == "approved"


def test_draft_that_stands_still_is_taken_up_again(client: Client) -> None:
    draft = ask(client, notes="A note.")
    note_beat("tests")
    address = reverse("curation:resume", args=[draft.pk])

    client.post(address)
    assert asked_of_workers() == 1

    ReleaseDraft.objects.update(moved_at=timezone.now() - STILL_AFTER - timedelta(seconds=1))
    assert "Nothing has happened since" in page_of(client, draft)
    client.post(address)

    assert asked_of_workers() == 2
    assert Event.objects.filter(action="evidence_release.resumed").count() == 1
    assert "Nothing has happened since" not in page_of(client, draft)


def test_form_says_what_is_missing_and_keeps_what_was_typed(client: Client) -> None:
    page = client.post(reverse("curation:releases"), {"notes": " "})

    assert page.status_code == 422
    assert "in words for clinicians" in page.content.decode()
    assert not ReleaseDraft.objects.exists()


def test_newer_draft_ends_the_older_one_and_its_work(client: Client) -> None:
    older = ask(client, notes="A note.")

    newer = ask(client, notes="A better note.")
    worked()

    states = dict(ReleaseDraft.objects.values_list("pk", "status"))
    assert states == {older.pk: "dropped", newer.pk: "open"}
