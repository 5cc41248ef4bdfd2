"""The mail digest: once a person and release, ended by one click, never sent without being sent."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from evidence.followers.digest_actions import stop_token, subscribe
from evidence.followers.models import SentDigest, Subscription
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    load_own_dossier,
    publish,
    withdraw,
)

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
FAILING = "tests.evidence.followers.test_digest.FailsForTherapists"


class FailsForTherapists(EmailBackend):
    """A mail server that refuses some."""

    def send_messages(self, messages: Any) -> int:
        if any("therapist" in one.to[0] for one in messages):
            raise ConnectionRefusedError
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.SITE_ADDRESS = "https://kapnet.example"


def send() -> str:
    out = StringIO()
    call_command("send_release_digest", stdout=out, stderr=out)
    return out.getvalue()


def test_release_is_sent_once_with_withdrawn_entries_first(therapist: User, staff: User) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    approve(change_source("philip-2016", note="Seen."))
    withdraw("kelly-2017")

    assert "1 sent." in send()
    assert "0 sent." in send()

    (one,) = mail.outbox
    assert one.to == [therapist.email]
    body = str(one.body)
    assert body.index("Withdrawn: source") < body.index("Changed: source")
    assert "https://kapnet.example/evidence/releases/" in body
    assert SentDigest.objects.get().user == therapist


def test_releases_from_before_are_not_sent(therapist: User) -> None:
    load_own_dossier()
    subscribe(user=therapist)

    send()

    assert mail.outbox == []


def test_mail_that_failed_is_tried_again_and_holds_up_no_other(
    therapist: User, staff: User, settings: Any
) -> None:
    load_own_dossier()
    therapist.email = "therapist@refused.example"
    therapist.save(update_fields=["email"])
    subscribe(user=therapist)
    subscribe(user=staff)
    withdraw("kelly-2017")
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, FAILING

    with pytest.raises(CommandError, match="1 not sent"):
        send()
    assert [one.to for one in mail.outbox] == [[staff.email]]
    assert SentDigest.objects.count() == 1

    settings.EMAIL_BACKEND = good
    send()
    assert [one.to for one in mail.outbox] == [[staff.email], [therapist.email]]


def test_mail_server_that_takes_nothing_has_sent_nothing(therapist: User, settings: Any) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    withdraw("kelly-2017")
    settings.EMAIL_BACKEND = "tests.evidence.followers.test_digest.TakesNothing"
    with pytest.raises(CommandError):
        send()

    assert not SentDigest.objects.exists()


class TakesNothing(EmailBackend):
    """A mail server that says that it sent none."""

    def send_messages(self, messages: Any) -> int:
        return 0


def test_deactivated_person_gets_nothing(therapist: User) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    withdraw("kelly-2017")
    therapist.is_active = False
    therapist.save(update_fields=["is_active"])

    send()

    assert mail.outbox == []


def test_mail_can_be_ended_by_one_click(therapist: User) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    withdraw("kelly-2017")
    send()
    headers = message_from_bytes(mail.outbox[0].message().as_bytes())
    link = headers["List-Unsubscribe"].strip().strip("<>").removeprefix("https://kapnet.example")
    visitor = Client(enforce_csrf_checks=True)

    page = visitor.get(link)
    assert Subscription.objects.exists()
    ended = visitor.post(link, {"List-Unsubscribe": "One-Click"})

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "End it" in page.content.decode()
    assert "no longer get releases" in ended.content.decode()
    assert not Subscription.objects.exists()
    assert Event.objects.filter(action="digest.off", actor=therapist).count() == 1


def test_token_of_nobody_ends_nothing(therapist: User) -> None:
    subscribe(user=therapist)
    forged = stop_token(therapist)[:-2] + "xx"

    assert Client().post(reverse("evidence:stop_digest", args=[forged])).status_code == 404
    assert Subscription.objects.exists()


def test_person_turns_it_on_and_off(therapist: User, client_for: Clients) -> None:
    load_own_dossier()
    client = client_for(therapist)

    on = client.post(reverse("evidence:set_digest"), {"digest": "on"}, follow=True)
    assert Subscription.objects.get().user == therapist
    off = client.post(reverse("evidence:set_digest"), {"digest": "off"}, follow=True)

    assert "Stop sending me releases" in on.content.decode()
    assert "Send me each release" in off.content.decode()
    assert not Subscription.objects.exists()


def test_without_an_address_nothing_is_sent(therapist: User, settings: Any) -> None:
    settings.SITE_ADDRESS = ""

    with pytest.raises(CommandError, match="SITE_ADDRESS is not set"):
        send()


def test_without_a_mail_server_nothing_counts_as_sent(therapist: User, settings: Any) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    withdraw("kelly-2017")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    with pytest.raises(CommandError, match="EMAIL_URL is not set"):
        send()
    assert not SentDigest.objects.exists()


def test_person_who_left_the_clinic_gets_nothing(therapist: User) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    withdraw("kelly-2017")
    therapist.membership.is_active = False
    therapist.membership.save(update_fields=["is_active"])

    send()

    assert mail.outbox == []


def test_notes_with_line_breaks_make_no_header(therapist: User) -> None:
    load_own_dossier()
    subscribe(user=therapist)
    approve(change_source("philip-2016", note="Seen."))
    publish("One line\r\nBcc: somebody@example.org\r\n\r\nTwo")
    send()

    parsed = message_from_bytes(mail.outbox[0].message().as_bytes())

    assert parsed["Bcc"] is None
