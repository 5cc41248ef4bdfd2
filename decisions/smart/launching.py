"""The two halves of a launch: sending the browser to the EHR, and what comes back with it.

Between them the session holds, encrypted, what the second half has to find equal: for ten minutes,
once. Afterwards it holds the access token, encrypted, until it ends or the person signs out. The
token is nowhere else, and there is none that outlives it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from decisions.smart.configuration import S256, hosts_of, read_configuration
from decisions.smart.id_tokens import IdTokenRefused, person_of
from decisions.smart.models import EhrIssuer
from decisions.smart.outbound import EhrFailed, Refused, post
from decisions.smart.stops import Reason, Stop
from kapnet.core.encryption.values import open_value, seal_value

PENDING, CONTEXT = "ehr_pending", "ehr_context"
PENDING_SECONDS, LONGEST_SECONDS = 10 * 60, 60 * 60
LAUNCH = re.compile(r"[\x21-\x7e]{1,2000}")
PATIENT_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
LONGEST_TOKEN = 8000


@dataclass(frozen=True)
class Pending:
    """What the second half of a launch has to find equal."""

    issuer: str
    signs: str
    token: str
    state: str
    nonce: str
    verifier: str
    redirect: str
    begun: float


@dataclass(frozen=True)
class Context:
    """What the EHR gave: access to one patient, for one person, until `ends`."""

    issuer: str
    user: str
    fhir_user: str
    patient: str
    token: str
    scope: str
    ends: float


def issuer_of(iss: str) -> EhrIssuer:
    """The EHR of the clinic that names itself so. Raises Stop; nobody was asked."""
    found = EhrIssuer.objects.filter(iss=iss.rstrip("/"), is_active=True).first() if iss else None
    if found is None:
        raise Stop(Reason.UNKNOWN_EHR if iss else Reason.NO_LAUNCH)
    return found


def begin(session: SessionBase, issuer: EhrIssuer, *, launch: str, redirect: str) -> str:
    """Where the browser goes. Raises Stop."""
    if not LAUNCH.fullmatch(launch):
        raise Stop(Reason.NO_LAUNCH)
    try:
        configuration = read_configuration(issuer)
    except EhrFailed as failed:
        raise stop_for(failed) from None
    pending = Pending(
        issuer=str(issuer.pk),
        signs=configuration.issuer,
        token=configuration.token,
        state=token_urlsafe(32),
        nonce=token_urlsafe(32),
        verifier=token_urlsafe(48),
        redirect=redirect,
        begun=time.time(),
    )
    session.pop(CONTEXT, None)
    session[PENDING] = seal_value(asdict(pending))
    asked = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": redirect,
        "scope": configuration.scope,
        "state": pending.state,
        "nonce": pending.nonce,
        "aud": issuer.iss,
        "launch": launch,
        "code_challenge": _challenge(pending.verifier),
        "code_challenge_method": S256,
    }
    where = configuration.authorization
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def stop_for(failed: EhrFailed) -> Stop:
    """An EHR that is not there is another thing than one whose answer cannot be used."""
    is_away = isinstance(failed, Refused) and failed.status >= 500
    has_answered = not is_away and str(failed) not in NO_ANSWERS
    return Stop(Reason.UNFIT if has_answered else Reason.NO_ANSWER, str(failed))


NO_ANSWERS: Final = frozenset(
    {"it did not answer in time", "no answer came", "its host is not known"}
)


# What comes back


def finish(session: SessionBase, said: QueryDict, *, user: str) -> tuple[EhrIssuer, Context]:
    """Take what waits, once, and fetch the token. Raises Stop."""
    pending = _take(session)
    if not compare_digest(_told(said, "state").encode(), pending.state.encode()):
        raise Stop(Reason.STATE)
    if "iss" in said and _told(said, "iss").rstrip("/") != pending.signs.rstrip("/"):
        raise Stop(Reason.OTHER_ISSUER)
    issuer = EhrIssuer.objects.filter(pk=pending.issuer, is_active=True).first()
    if issuer is None:
        raise Stop(Reason.OTHER_CLINIC)
    code = _told(said, "code")
    if "error" in said or not code:
        raise Stop(Reason.EHR_SAID_NO)
    answer = _token(issuer, pending, code)
    context = _context(issuer, pending, answer, user)
    session[CONTEXT] = seal_value(asdict(context))
    return issuer, context


def _told(said: QueryDict, name: str) -> str:
    return str(said.get(name, ""))


def _take(session: SessionBase) -> Pending:
    kept = open_value(session.pop(PENDING, None))
    session.save()  # at once: with an answer of 500 and above, Django saves no session
    if not isinstance(kept, dict):
        raise Stop(Reason.STALE)
    pending = Pending(**kept)
    if not 0 <= time.time() - pending.begun <= PENDING_SECONDS:
        raise Stop(Reason.STALE)
    return pending


def _token(issuer: EhrIssuer, pending: Pending, code: str) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": pending.redirect,
        "client_id": issuer.client_id,
        "code_verifier": pending.verifier,
    }
    try:
        return post(pending.token, hosts=hosts_of(issuer), form=form)
    except EhrFailed as failed:
        if isinstance(failed, Refused) and failed.status < 500:
            raise Stop(Reason.CODE) from None
        raise stop_for(failed) from None


def _context(issuer: EhrIssuer, pending: Pending, answer: Mapping[str, Any], user: str) -> Context:
    token, id_token = answer.get("access_token"), answer.get("id_token")
    is_bearer = str(answer.get("token_type", "")).lower() == "bearer"
    if not is_bearer or not isinstance(token, str) or not _can_be_sent(token):
        raise Stop(Reason.TOKEN)
    if not isinstance(id_token, str):
        raise Stop(Reason.IDENTITY, "the EHR sent no identity token")
    try:
        person = person_of(
            id_token,
            keys=issuer.keys,
            issuer=pending.signs,
            client_id=issuer.client_id,
            nonce=pending.nonce,
        )
    except IdTokenRefused as refused:
        raise Stop(Reason.IDENTITY, str(refused)) from None
    patient = answer.get("patient")
    if not isinstance(patient, str) or not PATIENT_ID.fullmatch(patient) or not patient.strip("."):
        raise Stop(Reason.NO_PATIENT)
    return Context(
        issuer=str(issuer.pk),
        user=user,
        fhir_user=person,
        patient=patient,
        token=token,
        scope=str(answer.get("scope", "")),
        ends=time.time() + _seconds(answer.get("expires_in")),
    )


def _can_be_sent(token: str) -> bool:
    return 1 <= len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable()


def _seconds(said: object) -> float:
    """How long the token lasts: as the EHR says, never longer than an hour."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return LONGEST_SECONDS
    return min(max(said, 0), LONGEST_SECONDS)


def context_of(session: SessionBase, *, user: str) -> tuple[EhrIssuer, Context]:
    """What the EHR gave this person, while it lasts. Raises Stop."""
    kept = open_value(session.get(CONTEXT))
    context = Context(**kept) if isinstance(kept, dict) else None
    if context is None or context.user != user or context.ends <= time.time():
        session.pop(CONTEXT, None)
        raise Stop(Reason.STALE)
    issuer = EhrIssuer.objects.filter(pk=context.issuer, is_active=True).first()
    if issuer is None:
        raise Stop(Reason.OTHER_CLINIC)
    return issuer, context


def drop(session: SessionBase) -> None:
    """Forget what the EHR gave, whatever is answered."""
    session.pop(PENDING, None)
    session.pop(CONTEXT, None)
    session.save()
