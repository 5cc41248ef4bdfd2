"""Who calls: by a signed assertion, or by the token that it was given for one.

Both are asked for before any clinic is known. So these reads alone go across clinics; all that
comes after is of the one clinic that they found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, Subquery
from django.utils import timezone
from django_scopes import scopes_disabled

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Outcome
from kapnet.core.clients.assertions import (
    Assertion,
    AssertionRefused,
    Unchecked,
    check,
    look_into,
)
from kapnet.core.clients.models import AccessToken, ApiClient, UsedAssertion
from kapnet.core.clients.scopes import UnknownScope, allows
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.one_place import the_only
from kapnet.core.web.secret_pages import new_secret, sha256_of

Kind = ApiClient.Kind
TOKEN_SECONDS: Final = 5 * 60
ASSERTION_KEPT: Final = timedelta(minutes=10)
"""Longer than any assertion can be used: five minutes, and one of leeway at each end."""


class ScopeRefused(ValueError):
    """The client may not do what it asks for."""


class Issued(NamedTuple):
    """A new token: its text is handed out once."""

    text: str
    scopes: tuple[str, ...]


class Caller(NamedTuple):
    """A client with what it may do by what it showed."""

    client: ApiClient
    scopes: frozenset[str]


class Sender(NamedTuple):
    """A client with the assertion that it signed."""

    client: ApiClient
    checked: Assertion


# By an assertion


def backend_of(token: str, audience: str) -> ApiClient:
    """The client that signed an assertion for a token; it is used up. Raises AssertionRefused."""
    said = look_into(token)
    client = _backend(said.issuer)
    if client is None:
        raise AssertionRefused("its iss is not a client")
    try:
        checked = check(
            token,
            said=said,
            keys=client.keys,
            keys_address=client.keys_address,
            issuer=str(client.pk),
            subject=str(client.pk),
            audience=audience,
        )
    except AssertionRefused as refused:
        refused.client = client
        raise
    use_up(Sender(client, checked))
    with at_clinic(client.clinic):
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=timezone.now())
    return client


def _backend(issuer: str) -> ApiClient | None:
    try:
        key = UUID(issuer)
    except ValueError:
        return None
    if str(key) != issuer:
        return None
    with scopes_disabled():
        rows = ApiClient.objects.select_related("clinic")
        return rows.filter(pk=key, kind=Kind.BACKEND, is_active=True).first()


def sender_of(token: str, audience: str, also: Mapping[str, Subquery] | None = None) -> Sender:
    """The record system that signed a call of CDS Hooks. Raises AssertionRefused.

    The call is to be used up, together with what it does. Of two clinics with the same issuer and
    key the first counts, unless the claim `tenant` names a client. also: what the same query asks,
    by the attribute of the client that it becomes.
    """
    said = look_into(token)
    clients = _senders(said, also or {})
    if not clients:
        raise AssertionRefused("its iss is not known")
    why = AssertionRefused("its kid names no key that the clinic has")
    for client in clients:
        try:
            checked = check(
                token,
                said=said,
                keys=client.keys,
                keys_address=client.keys_address,
                issuer=client.issuer,
                audience=audience,
                needs_iat=True,
            )
        except AssertionRefused as refused:
            why = refused
        else:
            return Sender(client, checked)
    why.client = clients[0]
    raise why


def use_up(sender: Sender) -> None:
    """Let it count this once: used again it is nobody else's either. Raises AssertionRefused."""
    client, checked = sender
    try:
        _use_up(client, checked)
    except AssertionRefused as refused:
        refused.client = client
        raise


def _senders(said: Unchecked, also: Mapping[str, Subquery]) -> list[ApiClient]:
    with scopes_disabled():
        rows = ApiClient.objects.select_related("clinic").order_by("made_at", "pk")
        known = rows.filter(issuer=said.issuer, kind=Kind.CDS, is_active=True)
        found = list(known.annotate(**also))
    return [one for one in found if said.tenant in ("", str(one.pk))] or found


def _use_up(client: ApiClient, checked: Assertion) -> None:
    """Raises AssertionRefused where it was used before, at the same moment as well."""
    row = (client.clinic_id, client.pk, checked.jti_sha256, timezone.now() + ASSERTION_KEPT)
    with at_clinic(client.clinic), connection.cursor() as cursor:
        cursor.execute(
            USE_UP, [_prepared(UsedAssertion, *one) for one in zip(COLUMNS, row, strict=True)]
        )
        is_new = cursor.rowcount == 1
    if not is_new:
        raise AssertionRefused("its jti was used before")


def count_call(client: ApiClient) -> int:
    """How often it has called within this minute, with this call. In its clinic's scope."""
    now = timezone.now()
    minute = int(now.timestamp() // 60)
    with connection.cursor() as cursor:
        row = (("last_used_at", now), ("clinic", client.clinic_id), ("id", client.pk))
        cursor.execute(COUNT, [minute, minute, *(_prepared(ApiClient, *one) for one in row)])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


COLUMNS: Final = ("clinic", "client", "jti_sha256", "kept_until")
USE_UP: Final = (
    "INSERT INTO clients_usedassertion (clinic_id, client_id, jti_sha256, kept_until) "
    "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
COUNT: Final = (
    "UPDATE clients_apiclient SET calls = CASE WHEN minute = %s THEN calls + 1 ELSE 1 END, "
    "minute = %s, last_used_at = %s WHERE clinic_id = %s AND id = %s RETURNING calls"
)
"""One statement each: nothing comes in between, and a call costs little."""


def _prepared(model: type[Model], name: str, value: object) -> Any:
    """The value as the database of the moment takes it."""
    field: Any = model._meta.get_field(name)
    return field.get_db_prep_save(value, connection)


def note_refused(refused: AssertionRefused) -> None:
    """Somebody used the name of a client and could not prove it. Nothing where it is no client."""
    if refused.client is not None:
        record_event(
            action="client.proof",
            actor=None,
            clinic=refused.client.clinic,
            object_type="client",
            object_id=refused.client.pk,
            outcome=Outcome.REFUSED,
            reason=str(refused),
        )


# By a token


@transaction.atomic
def issue(client: ApiClient, asked: Sequence[str]) -> Issued:
    """A token for these scopes, which ends soon. Raises ScopeRefused.

    client: as its proof was checked. Stopped or given other keys meanwhile, it gets none.
    """
    try:
        may = bool(asked) and all(allows(client.scopes, one) for one in asked)
    except UnknownScope:
        may = False
    if not may:
        raise ScopeRefused
    scopes = tuple(dict.fromkeys(asked))
    secret = new_secret()
    with at_clinic(client.clinic):
        now = ApiClient.objects.select_for_update().get(pk=client.pk)
        if not now.is_active or now.keys != client.keys:
            raise ScopeRefused
        AccessToken.objects.create(
            clinic=client.clinic,
            client=client,
            sha256=secret.sha256,
            scopes=list(scopes),
            ends_at=timezone.now() + timedelta(seconds=TOKEN_SECONDS),
        )
    return Issued(secret.text, scopes)


def caller_of(text: str) -> Caller | None:
    """Whose token this is, while it lasts and its client is not stopped."""
    with scopes_disabled():
        rows = AccessToken.objects.select_related("client__clinic")
        living = rows.filter(ends_at__gt=timezone.now(), client__is_active=True)
        found = the_only(living.filter(sha256=sha256_of(text)))
    return None if found is None else Caller(found.client, frozenset(found.scopes))


def end_tokens_of(client: ApiClient) -> None:
    """Its tokens open nothing any more."""
    AccessToken.objects.filter(client=client).delete()


def remove_ended() -> None:
    """Remove tokens and used assertions that nobody could use any more."""
    now = timezone.now()
    with scopes_disabled():
        AccessToken.objects.filter(ends_at__lt=now).delete()
        UsedAssertion.objects.filter(kept_until__lt=now).delete()
