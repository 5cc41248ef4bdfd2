"""The reviewer is told: a mail without content, a number in the menu, the first page, the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from evidence.curation.actions import send_back, submit
from evidence.curation.models import Change
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    prepare,
)
from tests.factories import make_user
from tests.worker import worked

pytestmark = pytest.mark.django_db

SECRET = "WHAT NOBODY OUTSIDE READS"
WAITS = '<span class="k-count">1<span class="nhsuk-u-visually-hidden"> waiting for you</span>'


@pytest.fixture
def submitted() -> Change:
    load_own_dossier()
    author, _ = curators()
    change = change_source("philip-2016", note=SECRET)
    submit(change=change, by=author, reason=f"Please look: {SECRET}")
    return change


def home(client: Client) -> str:
    return client.get(reverse("curation:home")).content.decode()


def test_change_in_review_waits_for_others_and_not_for_its_author(
    submitted: Change, client_for: Callable[[User], Client]
) -> None:
    author, other = (client_for(one) for one in curators())
    address = reverse("curation:change", args=[submitted.pk])

    assert WAITS in home(other)
    assert "Waits for you" in home(other)
    to_do = other.get(reverse("evidence:to_do")).content.decode()
    assert "Changes that wait for your review (1)" in to_do
    assert address in to_do
    assert WAITS not in home(author)
    assert "Nothing waits for you" in home(author)
    assert address in home(author)
    assert address not in author.get(reverse("evidence:to_do")).content.decode()


def test_change_that_was_sent_back_says_so_to_its_author(
    submitted: Change, client_for: Callable[[User], Client]
) -> None:
    author, other = curators()
    send_back(change=submitted, by=other, reason="The page is missing.")

    client = client_for(author)
    page = home(client)
    to_do = client.get(reverse("evidence:to_do")).content.decode()

    assert WAITS in page
    assert page.count("Sent back") == 1
    assert "The page is missing." in page
    assert "Changes that were sent back to you (1)" in to_do
    assert WAITS not in home(client_for(other))
    change_source("philip-2016", note="Another.")
    assert WAITS not in home(client)


@pytest.mark.django_db(transaction=True)
def test_reviewers_get_a_mail_that_says_nothing_of_the_content() -> None:
    load_own_dossier()
    author, other = curators()
    gone = make_user(is_evidence_admin=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    change = change_source("philip-2016", note=SECRET)

    submit(change=change, by=author, reason=f"Please look: {SECRET}")
    worked()
    (sent,) = mail.outbox
    send_back(change=change, by=other, reason=f"Not yet: {SECRET}")
    worked()

    back = mail.outbox[-1]
    assert (len(mail.outbox), back.to) == (2, [author.email])
    assert "was sent back to you" in back.body
    for word in (SECRET, "philip", "Philip", other.name):
        assert word not in f"{back.subject} {back.body}"
    assert sent.to == [other.email]
    assert gone.email not in sent.to
    said = f"{sent.subject} {sent.body}"
    assert "waits for a review" in said
    for word in (SECRET, "philip", "Philip", author.name):
        assert word not in said


@pytest.mark.django_db(transaction=True)
def test_mail_is_not_sent_about_what_waits_no_more() -> None:
    load_own_dossier()
    author, other = curators()
    change = change_source("philip-2016", note=SECRET)

    submit(change=change, by=author, reason="Please look.")
    send_back(change=change, by=other, reason="Not yet.")
    submit(change=change, by=author, reason="Look again.")
    send_back(change=change, by=other, reason="Not yet.")
    change_source("philip-2016", note="Another.")
    worked()

    assert mail.outbox == []


def test_prepared_release_waits_for_others(client_for: Callable[[User], Client]) -> None:
    load_own_dossier()
    author, other = curators()
    approve(change_source("philip-2016", note="Seen."))

    prepare(by=author, notes="A note.")

    assert WAITS in home(client_for(other))
    assert "A release to read and sign" in home(client_for(other))
    assert WAITS not in home(client_for(author))
