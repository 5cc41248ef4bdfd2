"""Taking everything along on the pages: who asks, who agrees, who is told, who takes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.forms import PasswordInput
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.exit import content
from decisions.exit.actions import (
    AGREED_LASTS,
    ASKED_LASTS,
    FILE_LASTS,
    STILL_AFTER,
    STILL_LASTS,
    ExitRefused,
    agree,
    begin,
)
from decisions.exit.forms import AgreeForm, AskForm, BeginForm
from decisions.exit.keeping import forget_old_exits
from decisions.exit.models import Exit, ExitPart
from kapnet.core.audit.models import Event
from kapnet.core.background.jobs import note_beat
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.posted_fields import NEVER_KEPT
from tests.decisions.case_factories import make_case
from tests.decisions.exit.leaving import PASSPHRASE, files_in
from tests.factories import PASSWORD, make_clinic, make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)

ClientFor = Callable[[User], Client]
PAGE = "/clinic/exit/"
ASK = {"reason": "The clinic moves.", "password": PASSWORD}
BEGIN = {"passphrase": PASSPHRASE, "passphrase2": PASSPHRASE, "password": PASSWORD}


def newest() -> Exit:
    with scopes_disabled():
        found: Exit = Exit.objects.order_by("-asked_at")[0]
        return found


def place(what: str) -> str:
    return f"{PAGE}{newest().pk}/{what}/"


def state_after(client: Client, address: str, said: dict[str, str] | None = None) -> str:
    """The state after a post that leads back to the page."""
    answer = client.post(address, said or {})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    return newest().state


def body(client: Client) -> str:
    return client.get(PAGE).content.decode()


def moved(**back: timedelta) -> None:
    """Time has passed for the newest one."""
    with scopes_disabled():
        Exit.objects.filter(pk=newest().pk).update(
            **{name: timezone.now() - some for name, some in back.items()}
        )


def after(some: timedelta) -> None:
    """A worker prunes when this time has passed."""
    with time_machine.travel(timezone.now() + some + timedelta(seconds=1)):
        forget_old_exits()


@pytest.fixture
def people(clinic: Clinic) -> dict[str, User]:
    made: dict[str, User] = {
        role: make_member(clinic=clinic, role=role, password=PASSWORD) for role in Role
    }
    second = make_member(clinic=clinic, role=Role.MANAGER, password=PASSWORD)
    other = make_clinic(name="Other clinic")
    outsider = make_member(clinic=other, role=Role.MANAGER, password=PASSWORD)
    colleague = make_member(clinic=other, role=Role.THERAPIST, password=PASSWORD)
    return {**made, "second": second, "outsider": outsider, "colleague": colleague}


def test_clinic_is_taken_along_by_who_asked_when_a_therapist_agreed(
    client_for: ClientFor, people: dict[str, User], clinic: Clinic
) -> None:
    make_case(people[Role.THERAPIST])
    manager, therapist, second = (
        client_for(people[one]) for one in (Role.MANAGER, Role.THERAPIST, "second")
    )
    strangers = [client_for(people[one]) for one in ("outsider", "colleague")]

    assert "Nobody has asked for it" in body(therapist)
    assert manager.post(f"{PAGE}ask/", {**ASK, "password": "no"}).status_code == 422
    assert manager.post(f"{PAGE}ask/", {**ASK, "reason": " "}).status_code == 422
    assert therapist.post(f"{PAGE}ask/", ASK).status_code == 403
    assert state_after(manager, f"{PAGE}ask/", ASK) == "waiting"
    assert_told(people, "asked")
    assert state_after(second, f"{PAGE}ask/", ASK) == "waiting"
    with scopes_disabled():
        assert Exit.objects.count() == 1

    # a therapist of the clinic decides, and nobody else
    assert [one.post(place("settle"), {"password": PASSWORD}).status_code for one in strangers] == [
        403,
        404,
    ]
    assert manager.post(place("settle"), {"password": PASSWORD}).status_code == 403
    assert state_after(manager, place("begin"), BEGIN) == "waiting"
    assert therapist.post(place("settle"), {"refuse": "1"}).status_code == 422
    assert therapist.post(place("settle"), {"password": "wrong"}).status_code == 422
    no = {"refuse": "1", "because": "Nobody said where to."}
    assert state_after(therapist, place("settle"), no) == "refused"
    assert state_after(therapist, place("settle"), {"password": PASSWORD}) == "refused"
    assert "Nobody said where to." in body(manager)
    assert_told(people, "refused")

    # asked for again, agreed to, made under a passphrase that is nowhere
    assert state_after(manager, f"{PAGE}ask/", ASK) == "waiting"
    assert state_after(therapist, place("settle"), {"password": PASSWORD}) == "agreed"
    assert state_after(second, place("begin"), BEGIN) == "agreed"
    for wrong in ("short", "a" * 30, PASSWORD):
        sent = {**BEGIN, "passphrase": wrong, "passphrase2": wrong}
        assert manager.post(place("begin"), sent).status_code == 422
    for more in ({"passphrase2": "else"}, {"password": "wrong"}):
        assert manager.post(place("begin"), {**BEGIN, **more}).status_code == 422
    assert state_after(manager, place("begin"), BEGIN) == "running"
    assert "0 of 1 cases written" in body(second)
    assert newest().key
    worked()

    # taken by who asked, while it is kept
    ready = newest()
    assert (ready.state, ready.key) == ("ready", "")
    assert second.get(place("file"))["Location"] == PAGE
    assert [one.get(place("file")).status_code for one in (therapist, *strangers)] == [
        403,
        404,
        403,
    ]
    answer = manager.get(place("file"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == ready.file_sha256
    assert int(answer["Content-Length"]) == len(content) == ready.file_bytes
    assert "records/cases-00001.jsonl" in files_in(content)
    assert_told(people, "downloaded")
    moved(ready_at=FILE_LASTS)
    assert manager.get(place("file"))["Location"] == PAGE
    assert newest().state == "gone"
    with scopes_disabled():
        assert not ExitPart.objects.exists()
    done = Event.objects.filter(clinic=clinic, action__startswith="exit.", outcome="done")
    assert list(done.order_by("pk").values_list("action", flat=True)) == [
        *("exit.asked", "exit.refused", "exit.asked", "exit.agreed", "exit.begun"),
        *("exit.ready", "exit.downloaded"),
    ]


def assert_told(people: dict[str, User], step: str) -> None:
    """Each therapist and manager of the clinic but who did it, and nobody else."""
    worked()
    event = Event.objects.filter(action=f"exit.{step}").latest("pk")
    of_clinic = [people[one] for one in (Role.THERAPIST, Role.MANAGER, "second")]
    expected = {one.email for one in of_clinic if one.pk != event.actor_id}
    sent = mail.outbox[-len(expected) :]
    assert {to for one in sent for to in one.to} == expected
    assert "The clinic moves" not in "".join(str(one.body) for one in sent)


def test_no_passphrase_is_kept_for_somebody_who_signs_in_again() -> None:
    typed = {
        name
        for form in (AskForm, AgreeForm, BeginForm)
        for name, field in form.base_fields.items()
        if isinstance(field.widget, PasswordInput)
    }

    assert typed == {"password", "passphrase", "passphrase2"}
    assert typed <= NEVER_KEPT


def test_what_is_not_done_in_time_is_gone_and_anybody_told_can_stop_it(
    client_for: ClientFor, people: dict[str, User]
) -> None:
    manager, therapist, staff = (
        client_for(people[one]) for one in (Role.MANAGER, Role.THERAPIST, Role.STAFF)
    )
    agreed = {"password": PASSWORD}

    assert staff.get(PAGE).status_code == 403
    # too late, also where no worker has pruned
    state_after(manager, f"{PAGE}ask/", ASK)
    assert_comes_too_late(ASKED_LASTS, agree, asked=newest(), actor=people[Role.THERAPIST])
    after(ASKED_LASTS)
    assert newest().state == "gone"

    state_after(manager, f"{PAGE}ask/", ASK)
    state_after(therapist, place("settle"), agreed)
    late = {"agreed": newest(), "actor": people[Role.MANAGER], "passphrase": PASSPHRASE}
    assert_comes_too_late(AGREED_LASTS, begin, **late)
    after(AGREED_LASTS)
    assert newest().state == "gone"

    state_after(manager, f"{PAGE}ask/", ASK)
    state_after(therapist, place("settle"), agreed)
    state_after(manager, place("begin"), BEGIN)
    assert "no worker runs" in body(manager)
    note_beat("worker")
    assert "Begin again" not in body(manager)
    moved(moved_at=STILL_AFTER)
    assert "Begin again" in body(manager)
    assert state_after(manager, place("resume")) == "running"
    assert staff.post(place("stop")).status_code == 403
    assert state_after(therapist, place("stop")) == "gone"
    assert newest().key == ""
    worked()
    assert newest().state == "gone"
    with scopes_disabled():
        assert not ExitPart.objects.exists()


def assert_comes_too_late(lasts: timedelta, act: Callable[..., None], **given: object) -> None:
    late = timezone.now() + lasts + timedelta(seconds=1)
    with time_machine.travel(late), scopes_disabled(), pytest.raises(ExitRefused):
        act(**given)


def test_file_that_is_stopped_or_stands_still_leaves_no_key_and_no_part(
    client_for: ClientFor, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*given: Any) -> object:
        write_rest(*given)
        assert state_after(therapist, place("stop")) == "gone"
        return []

    manager, therapist = (client_for(people[one]) for one in (Role.MANAGER, Role.THERAPIST))
    write_rest = content._write_audit_log
    make_case(people[Role.THERAPIST])
    for stops in (True, False):
        state_after(manager, f"{PAGE}ask/", ASK)
        state_after(therapist, place("settle"), {"password": PASSWORD})
        with monkeypatch.context() as patch:
            patch.setattr(content, "_write_audit_log", stopped)
            assert state_after(manager, place("begin"), BEGIN) == "running"
            if stops:
                worked()
    with scopes_disabled():
        assert not ExitPart.objects.exists()
        part = ExitPart.objects.create(exit=newest(), run=uuid4(), place=0, content=b"x")
    moved(moved_at=STILL_LASTS)

    forget_old_exits()

    assert (newest().state, newest().key) == ("gone", "")
    with scopes_disabled():
        assert not ExitPart.objects.filter(pk=part.pk).exists()
        ExitPart.objects.create(exit=newest(), run=uuid4(), place=0, content=b"x")
        forget_old_exits()
        assert not ExitPart.objects.exists()


def test_fault_while_it_is_made_leaves_no_key_and_no_part(
    client_for: ClientFor, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> object:
        raise ZeroDivisionError

    manager, therapist = (client_for(people[one]) for one in (Role.MANAGER, Role.THERAPIST))
    make_case(people[Role.THERAPIST])
    state_after(manager, f"{PAGE}ask/", ASK)
    state_after(therapist, place("settle"), {"password": PASSWORD})
    monkeypatch.setattr("decisions.exit.content._write_audit_log", broken)
    state_after(manager, place("begin"), BEGIN)

    worked()

    assert (newest().state, newest().key, bytes(newest().header)) == ("failed", "", b"")
    with scopes_disabled():
        assert not ExitPart.objects.exists()
    assert "failed" in body(manager)
