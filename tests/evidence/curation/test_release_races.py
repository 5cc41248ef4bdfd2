"""Two people at one release at the same moment, each on a connection of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from evidence.curation import releasing
from evidence.curation.actions import Overtaken
from evidence.curation.models import ReleaseDraft
from evidence.curation.queries import seen_of_draft
from evidence.models import Release
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    prepare,
)

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture(autouse=True)
def _approved() -> None:
    load_own_dossier()
    approve(change_source("philip-2016", note="Seen."))


@contextmanager
def at_once(step: Callable[[], object]) -> Iterator[None]:
    """A step that is taken already, and is committed once somebody waits for it."""
    is_taken = Event()

    def take() -> None:
        try:
            with transaction.atomic():
                step()
                is_taken.set()
                until_somebody_waits()
        finally:
            is_taken.set()
            connection.close()

    thread = Thread(target=take)
    thread.start()
    is_taken.wait()
    yield
    thread.join()


def until_somebody_waits() -> None:
    ends_at = time.monotonic() + 5
    while time.monotonic() < ends_at:
        with connection.cursor() as cursor:
            cursor.execute(WAITS)
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.02)


def test_draft_that_somebody_drops_right_now_is_not_signed() -> None:
    author, approver = curators()
    draft = prepare(by=author, notes="A note.")
    seen = seen_of_draft(draft)

    with (
        at_once(lambda: releasing.drop(draft=draft, by=author)),
        pytest.raises(Overtaken, match="no longer open"),
    ):
        releasing.sign_and_publish(draft=draft, by=approver, seen=seen)

    draft.refresh_from_db()
    assert (draft.status, Release.objects.count()) == ("dropped", 1)


def test_draft_that_a_newer_one_replaces_right_now_is_not_signed() -> None:
    author, approver = curators()
    draft = prepare(by=author, notes="A note.")
    seen = seen_of_draft(draft)

    with (
        at_once(lambda: releasing.ask_for_release(by=author, notes="A better note.")),
        pytest.raises(Overtaken, match="no longer open"),
    ):
        releasing.sign_and_publish(draft=draft, by=approver, seen=seen)

    assert Release.objects.count() == 1
    assert ReleaseDraft.objects.get(status="preparing").notes == "A better note."


def test_of_two_who_prepare_a_release_right_now_one_is_told() -> None:
    one, other = curators()

    with (
        at_once(lambda: releasing.ask_for_release(by=one, notes="A note.")),
        pytest.raises(Overtaken, match="at the same moment"),
    ):
        releasing.ask_for_release(by=other, notes="Another note.")

    assert ReleaseDraft.objects.get().notes == "A note."
