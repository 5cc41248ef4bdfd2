"""Withdrawing: several at once or none, one of two people who are as quick, pages out of date."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from evidence.curation.actions import CurationRefused
from evidence.curation.models import Change
from evidence.curation.withdrawing import withdraw_entry
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.models import Source
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import change_source, curators, load_own_dossier, withdraw

PHILIP, SENOVA, POPOVA = "philip-2016", "senova-2019", "popova-2019"
SEVERAL = reverse("curation:withdraw_several", args=["source"])
ONE = reverse("curation:withdraw", args=["source", PHILIP])
GONE = {"reason": "Gone.", "withdrawn_as": "retracted"}


@pytest.fixture
def curator(client_for: Callable[[User], Client]) -> Client:
    load_own_dossier()
    return client_for(curators()[0])


def withdrawn() -> set[str]:
    return set(Source.objects.exclude(withdrawn_as="").values_list("key", flat=True))


@pytest.mark.django_db
def test_several_are_withdrawn_at_once_or_none(curator: Client) -> None:
    before = withdrawn()
    listed = curator.get(reverse("curation:entries", args=["source"]), {"words": "philip"})
    nothing_ticked = curator.get(SEVERAL, follow=True).content.decode()
    asked = curator.get(SEVERAL, {"key": [PHILIP, SENOVA]}).content.decode()
    change = change_source(POPOVA, note="Seen.")
    refused = curator.post(SEVERAL, {"key": [PHILIP, POPOVA], **GONE})
    without_reason = curator.post(SEVERAL, {"key": [PHILIP, SENOVA], "withdrawn_as": "retracted"})
    assert withdrawn() == before
    said = curator.post(SEVERAL, {"key": [PHILIP, SENOVA], **GONE}, follow=True).content.decode()

    assert f'name="key" id="key-{PHILIP}"' in listed.content.decode()
    assert "Tick what you want to withdraw first." in nothing_ticked
    assert curator.get(SEVERAL, {"key": "a\0b"}).status_code == 302
    assert curator.post(SEVERAL, {"key": [PHILIP, "no-such"], **GONE}).status_code == 409
    assert "What rests on them" in asked
    assert refused.status_code == 409
    assert f"A change is open of {POPOVA}" in refused.content.decode()
    assert without_reason.status_code == 422
    one = curator.get(SEVERAL, {"key": PHILIP})
    assert one["Location"] == ONE
    assert "2 drafts made. Ask for a review of each." in said
    assert withdrawn() == {*before, PHILIP, SENOVA}
    assert Change.objects.exclude(pk=change.pk).count() == 2


@pytest.mark.django_db
def test_page_that_is_out_of_date_never_asks_for_the_opposite(curator: Client) -> None:
    withdraw(PHILIP)

    refused = curator.post(ONE, {"asks_to": "withdraw", **GONE})

    assert refused.status_code == 409
    assert "It was withdrawn already" in refused.content.decode()
    assert not Change.objects.filter(action="restore").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_withdraw_at_once_one_is_told() -> None:
    load_own_dossier()
    at_once, told = Barrier(2), []

    def propose(by: User) -> None:
        try:
            at_once.wait()
            withdraw_entry(
                kind=EntryKind.SOURCE,
                key=PHILIP,
                withdrawn_as=WithdrawnAs.RETRACTED,
                by=by,
                reason="Gone.",
            )
        except CurationRefused as refused:
            told.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=propose, args=[by]) for by in curators()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert told == [f"{PHILIP} is withdrawn already. Nothing was changed."]
    assert Change.objects.filter(entry_key=PHILIP).count() == 1
