"""Every write about clients: keyword-only, atomic, each with its audit event."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.clients.models import Agreement, ApiClient
from kapnet.core.clients.public_keys import PublicKey
from kapnet.core.clients.scopes import needs_agreement
from kapnet.core.clients.telling import AGREED_TO, ASKED_FOR, REFUSED, TAKEN_BACK
from kapnet.core.clients.tokens import end_tokens_of
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.once import made_by

State = Agreement.State


class SettledAlreadyError(Exception):
    """Somebody decided this meanwhile, or took it back."""


class OwnRequestError(Exception):
    """Who asked cannot agree."""


@transaction.atomic
def add_client(
    *,
    clinic: Clinic,
    actor: User,
    name: str,
    kind: str,
    issuer: str,
    keys: Sequence[PublicKey],
    keys_address: str,
    scopes: Sequence[str],
    reason: str = "",
    once: str | None = None,
) -> ApiClient:
    """A program that may call from now on. What needs an agreement is asked for, and told.

    once: the token of the form.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    if made := made_by(ApiClient.objects.filter(clinic=clinic), once):
        return made
    client = ApiClient.objects.create(
        clinic=clinic,
        name=name,
        kind=kind,
        issuer=issuer,
        keys=list(keys),
        keys_address=keys_address,
        scopes=[one for one in scopes if not needs_agreement([one])],
        made_by=actor,
        once=once,  # type: ignore[misc]
    )
    _record("client.added", client, actor)
    _ask_where_needed(client, actor, scopes, reason)
    return client


@transaction.atomic
def change_rights(
    *, client: ApiClient, actor: User, scopes: Sequence[str], reason: str = ""
) -> None:
    """What it may do from now on. What somebody agreed to stays while it is among them."""
    client = _locked(client)
    held = [one for one in client.scopes if needs_agreement([one])]
    client.scopes = [one for one in scopes if not needs_agreement([one]) or one in held]
    client.save(update_fields=["scopes"])
    _record("client.changed", client, actor)
    if not needs_agreement(scopes):
        _take_back_open(client, actor)
    if held and not needs_agreement(client.scopes):
        tell(_record(TAKEN_BACK, client, actor))
    _ask_where_needed(client, actor, scopes, reason)


@transaction.atomic
def replace_keys(
    *, client: ApiClient, actor: User, keys: Sequence[PublicKey], keys_address: str
) -> None:
    """Other keys. Somebody agreed to who held the old ones: what they agreed to ends."""
    client = _locked(client)
    _take_back_open(client, actor)
    if needs_agreement(client.scopes):
        client.scopes = [one for one in client.scopes if not needs_agreement([one])]
        tell(_record(TAKEN_BACK, client, actor))
    client.keys, client.keys_address = list(keys), keys_address
    client.save(update_fields=["keys", "keys_address", "scopes"])
    end_tokens_of(client)
    _record("client.keys_changed", client, actor)


@transaction.atomic
def switch_client(*, client: ApiClient, actor: User, is_active: bool) -> None:
    """Stop a program at once, or let it call again."""
    client = _locked(client)
    if client.is_active == is_active:
        return
    client.is_active = is_active
    client.save(update_fields=["is_active"])
    end_tokens_of(client)
    _record("client.started" if is_active else "client.stopped", client, actor)


# The agreement of a therapist


@transaction.atomic
def settle_agreement(*, agreement: Agreement, actor: User, agrees: bool) -> None:
    """A therapist agrees, and the program gets what was asked for; or refuses. All are told.

    Raises SettledAlreadyError and OwnRequestError.
    """
    client = _locked(agreement.client)
    _settle(agreement, actor, State.AGREED if agrees else State.REFUSED)
    if agrees:
        client.scopes = [*client.scopes, *agreement.scopes]
        client.save(update_fields=["scopes"])
    tell(_record(AGREED_TO if agrees else REFUSED, client, actor))


@transaction.atomic
def take_back(*, client: ApiClient, actor: User) -> None:
    """Nobody is asked any more, and what was agreed to ends at once. All are told."""
    client = _locked(client)
    _take_back_open(client, actor)
    if needs_agreement(client.scopes):
        client.scopes = [one for one in client.scopes if not needs_agreement([one])]
        client.save(update_fields=["scopes"])
        tell(_record(TAKEN_BACK, client, actor))


def _ask_where_needed(client: ApiClient, actor: User, scopes: Sequence[str], reason: str) -> None:
    wanted = [one for one in scopes if needs_agreement([one]) and one not in client.scopes]
    waiting = Agreement.objects.filter(client=client, state=State.ASKED)
    if not wanted or waiting.exists():
        return
    Agreement.objects.create(
        clinic=client.clinic, client=client, scopes=wanted, reason=reason, asked_by=actor
    )
    tell(_record(ASKED_FOR, client, actor))


def _take_back_open(client: ApiClient, actor: User) -> None:
    for one in Agreement.objects.filter(client=client, state=State.ASKED):
        _settle(one, actor, State.TAKEN_BACK)
        tell(_record(TAKEN_BACK, client, actor))


def _settle(agreement: Agreement, actor: User, state: str) -> None:
    row = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if row.state != State.ASKED:
        raise SettledAlreadyError
    if state == State.AGREED and row.asked_by_id == actor.pk:
        raise OwnRequestError
    row.state, row.decided_at, row.decided_by = state, timezone.now(), actor
    row.save(update_fields=["state", "decided_at", "decided_by"])


def _locked(client: ApiClient) -> ApiClient:
    rows = ApiClient.objects.select_related("clinic").select_for_update(of=("self",))
    return rows.get(pk=client.pk)


def _record(action: str, client: ApiClient, actor: User) -> Event:
    return record_event(
        action=action,
        actor=actor,
        clinic=client.clinic,
        object_type="client",
        object_id=client.pk,
    )
