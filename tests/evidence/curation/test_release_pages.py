"""The page of a release on its way: how far it is, who is missing, and what gets it going again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evidence.curation import preparing
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
    ReleaseDraft.objects.update(counting="running", looked_at=3, to_look_at=49)
    on_its_way = page_of(client, draft)
    ReleaseDraft.objects.update(counting="waiting")

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


def test_draft_that_stands_still_is_started_again(client: Client) -> None:
    draft = ask(client, notes="A note.")
    note_beat("tests")
    address = reverse("curation:start", args=[draft.pk])

    client.post(address)
    assert asked_of_workers() == 1

    ReleaseDraft.objects.update(moved_at=timezone.now() - STILL_AFTER - timedelta(seconds=1))
    assert "Nothing has happened since" in page_of(client, draft)
    client.post(address)

    assert asked_of_workers() == 2
    assert Event.objects.filter(action="evidence_release.resumed").count() == 1
    assert "Nothing has happened since" not in page_of(client, draft)


def test_count_is_stopped_and_started_again_from_the_first_case(client: Client) -> None:
    draft = ask(client, notes="A note.")
    note_beat("tests")
    stop, start = (reverse(f"curation:{one}", args=[draft.pk]) for one in ("stop", "start"))

    client.post(stop)
    worked()
    stopped = page_of(client, draft)
    client.post(stop)
    client.post(start)
    started = page_of(client, draft)
    client.post(start)
    worked()
    client.post(start)
    client.post(stop)

    assert "Stopped," in stopped
    assert "The draft and its changes are kept" in stopped
    assert "Start again from the first case" in stopped
    assert "hx-trigger" not in stopped
    assert "A worker takes it up in a moment" in started
    assert "Stop counting" in started
    assert f"Started by {curators()[0].name}" in started
    draft.refresh_from_db()
    assert (draft.status, draft.counting) == ("open", "done")
    actions = Event.objects.filter(object_type="evidence_release_draft").order_by("pk")
    assert [one.action.removeprefix("evidence_release.") for one in actions] == [
        "asked_for",
        "stopped",
        "resumed",
        "prepared",
    ]
    assert "Counted from" in page_of(client, draft)


def test_count_whose_worker_lost_the_database_a_moment_ago_is_tried_again(client: Client) -> None:
    draft = ask(client, notes="A note.")
    ReleaseDraft.objects.update(counting="running", run="lost", moved_at=timezone.now())

    worked()
    (waits,) = DBTaskResult.objects.filter(task_path__endswith="work_out_impact")
    with time_machine.travel(waits.run_after + timedelta(seconds=1)):
        worked()

    draft.refresh_from_db()
    assert (draft.status, draft.counting) == ("open", "done")


def test_failure_says_what_is_kept_and_what_to_do_and_names_no_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = ask(client, notes="A note.")
    mail.outbox.clear()

    def fail(*some: object) -> None:
        raise ValueError("Dora Person, PHQ-9 of 27")

    monkeypatch.setattr(preparing, "impact_of", fail)
    worked()
    failed = page_of(client, draft)
    worked()
    monkeypatch.undo()
    client.post(reverse("curation:start", args=[draft.pk]))
    worked()

    assert "It could not be counted" in failed
    assert "The draft and its changes are kept" in failed
    assert "Start it again" in failed
    assert "Dora" not in failed
    assert "ValueError" in failed
    assert [one.to for one in mail.outbox][:1] == [[curators()[0].email]]
    draft.refresh_from_db()
    assert (draft.status, draft.problem) == ("open", "")


def test_list_that_is_out_of_date_says_so_before_anybody_signs(
    client: Client, client_for: Callable[[User], Client]
) -> None:
    draft = ask(client, notes="A note.")
    worked()
    as_it_was = page_of(client_for(curators()[1]), draft)
    approve(change_source("senova-2019", note="Seen too."))
    overtaken = page_of(client_for(curators()[1]), draft)

    assert "out of date" not in as_it_was
    assert "Sign and publish</button>" in as_it_was
    assert "This list is out of date" in overtaken
    assert "Sign and publish</button>" not in overtaken


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
    assert "A newer draft was prepared" in page_of(client, older)
