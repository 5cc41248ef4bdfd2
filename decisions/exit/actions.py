"""Every write to what a clinic takes along: keyword-only, atomic, each with one audit event."""

from __future__ import annotations

import base64
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.cases.models import Case
from decisions.exit.models import Exit, ExitPart
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.encryption.age_files import make_file_key
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import Clinic, User

State = Exit.State
OPEN = (State.WAITING, State.AGREED, State.RUNNING, State.READY)
ENDED = (State.REFUSED, State.FAILED, State.GONE)
ASKED_LASTS, AGREED_LASTS, FILE_LASTS = timedelta(days=14), timedelta(days=7), timedelta(hours=24)
STILL_LASTS = timedelta(days=3)
LASTS = {
    State.WAITING: ("asked_at", ASKED_LASTS),
    State.AGREED: ("settled_at", AGREED_LASTS),
    State.RUNNING: ("moved_at", STILL_LASTS),
    State.READY: ("ready_at", FILE_LASTS),
}
"""State -> since when it counts, and how long."""
STILL_AFTER = timedelta(minutes=10)
"""So long a file may be made without a sign; the audit log of a large clinic takes minutes."""
SOMEBODY_WAS_QUICKER = "Its state has changed since you opened the page. Nothing was done."


class ExitRefused(Exception):
    """A step that cannot be taken; the message says why. Nothing was changed."""


def ask(*, clinic: Clinic, actor: User, reason: str) -> Exit:
    """Ask for it. All therapists and managers are told. Raises ExitRefused."""
    lapse(clinic)
    try:
        with transaction.atomic():
            asked = Exit.objects.create(clinic=clinic, asked_by=actor, reason=reason)
            tell(_record("exit.asked", asked, actor))
    except IntegrityError:
        raise ExitRefused("It was asked for already. Nothing was changed.") from None
    return asked


@transaction.atomic
def agree(*, asked: Exit, actor: User) -> None:
    """A therapist agrees. Raises ExitRefused."""
    now = _settle(asked, actor, State.AGREED)
    now.save(update_fields=["state", "settled_at", "settled_by"])
    tell(_record("exit.agreed", now, actor))


@transaction.atomic
def refuse(*, asked: Exit, actor: User, because: str) -> None:
    """A therapist refuses, and says why. Raises ExitRefused."""
    now = _settle(asked, actor, State.REFUSED)
    now.refused_because = because
    now.save(update_fields=["state", "settled_at", "settled_by", "refused_because"])
    tell(_record("exit.refused", now, actor))


def _settle(asked: Exit, actor: User, state: str) -> Exit:
    now = _locked(asked, State.WAITING)
    if now.asked_by_id == actor.pk:
        raise ExitRefused("Somebody else has to decide on it. Nothing was changed.")
    now.state, now.settled_at, now.settled_by = state, timezone.now(), actor
    return now


@transaction.atomic
def begin(*, agreed: Exit, actor: User, passphrase: str) -> None:
    """Let a worker make the file under this passphrase, which is kept nowhere.

    A key of the file is made and put under the passphrase now. The worker gets the key alone,
    encrypted as a patient is, and it is removed once the file is there. Raises ExitRefused.
    """
    now = _locked(agreed, State.AGREED)
    if now.asked_by_id != actor.pk:
        raise ExitRefused(
            "Only the person who asked for the file can have it made. Nothing was changed."
        )
    key = make_file_key(passphrase)
    now.state, now.begun_at, now.moved_at = State.RUNNING, timezone.now(), timezone.now()
    now.key, now.header = base64.b64encode(key.secret).decode(), key.header
    now.total = Case.objects.filter(clinic=now.clinic).count()
    now.save(update_fields=["state", "begun_at", "moved_at", "key", "header", "total"])
    _record("exit.begun", now, actor)
    _enqueue(now)


def go_on(*, running: Exit, actor: User) -> None:
    """Let a worker take up one that does not go on."""
    _record("exit.resumed", running, actor)
    _enqueue(running)


@transaction.atomic
def stop(*, open_one: Exit, actor: User) -> None:
    """Anybody who is told can stop it; a file that is ready is removed. Raises ExitRefused."""
    now = _locked(open_one, *OPEN)
    _end(now, State.GONE)
    tell(_record("exit.stopped", now, actor))


def note_download(*, ready: Exit, actor: User) -> Exit:
    """Write down that the file leaves, before it does. Raises ExitRefused."""
    lapse(ready.clinic)
    with transaction.atomic():
        now = _locked(ready, State.READY)
        if now.asked_by_id != actor.pk:
            raise ExitRefused("Only the person who asked for the file can download it.")
        tell(_record("exit.downloaded", now, actor))
    return now


# What passes by itself


def lapse(clinic: Clinic | None = None) -> None:
    """What nobody decided on, began or took in time is gone, and what has not gone on for days."""
    rows = Exit.objects.filter(clinic=clinic) if clinic else Exit.objects.all()
    for one in rows.filter(state__in=OPEN):
        if _is_over(one):
            with transaction.atomic():
                _end(one, State.GONE)


def _is_over(one: Exit) -> bool:
    since, lasts = LASTS[State(one.state)]
    return bool(timezone.now() - getattr(one, since) > lasts)


def stands_still(one: Exit) -> bool:
    """Whether its file has not gone on for a while."""
    return one.state == State.RUNNING and timezone.now() - one.moved_at > STILL_AFTER


def _end(one: Exit, state: str) -> None:
    """Without its file and its key."""
    ExitPart.objects.filter(exit=one).delete()
    one.state, one.key, one.header, one.run = state, "", b"", None
    one.save(update_fields=["state", "key", "header", "run"])


def note_failed(one: Exit) -> None:
    """The file could not be made. One that was stopped meanwhile stays so."""
    with transaction.atomic():
        now = Exit.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if now.state == State.RUNNING:
            _end(now, State.FAILED)
            _record("exit.failed", now, None)


def _locked(one: Exit, *states: str) -> Exit:
    now: Exit = Exit.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if now.state not in states or _is_over(now):
        raise ExitRefused(SOMEBODY_WAS_QUICKER)
    return now


def _record(action: str, one: Exit, actor: User | None) -> Event:
    return record_event(
        action=action, actor=actor, clinic=one.clinic, object_type="exit", object_id=one.pk
    )


def _enqueue(one: Exit) -> None:
    from decisions.exit.tasks import make_file

    make_file.enqueue(str(one.pk))
