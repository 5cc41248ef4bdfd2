"""An EHR of other people's making in tests, and what a browser does there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.smart.issuer_keys import read_issuer_keys
from decisions.smart.models import EhrIdentity, EhrIssuer
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of

FOREIGN = settings.BASE_DIR / "tests" / "foreign"
NODE = shutil.which("node") or str(settings.BASE_DIR / ".venv" / "bin" / "node")
MOST_HOPS = 10


@dataclass(frozen=True)
class ForeignEhr:
    """The program in tests/foreign/ehr.mjs. patients: name -> id. keys: public, as JWKs."""

    address: str
    patients: dict[str, str]
    keys: list[dict[str, str]]

    @property
    def iss(self) -> str:
        """Its FHIR address."""
        return f"{self.address}/fhir"


@contextmanager
def foreign_ehr() -> Iterator[ForeignEhr]:
    """Start it, and end it."""
    process = subprocess.Popen(
        [NODE, "ehr.mjs"],
        cwd=FOREIGN,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield ForeignEhr(**json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait(10)


def list_ehr(manager: User, *, iss: str, keys: Sequence[dict[str, Any]], **other: Any) -> EhrIssuer:
    """An EHR on the list of the manager's clinic."""
    with clinic_of(manager):
        return EhrIssuer.objects.create(
            clinic=manager.membership.clinic,
            name="Test EHR",
            iss=iss,
            client_id="kapnet",
            keys=read_issuer_keys(json.dumps({"keys": list(keys)})),
            saved_at=timezone.now(),
            saved_by=manager,
            **other,
        )


def link(issuer: EhrIssuer, user: User, fhir_user: str) -> None:
    """As if this person had said by a click who they are there."""
    with clinic_of(user):
        EhrIdentity.objects.create(
            clinic=issuer.clinic,
            issuer=issuer,
            fhir_user=fhir_user,
            user=user,
            linked_at=timezone.now(),
        )


def launch_address(iss: str, launch: str) -> str:
    """Where an EHR opens the window."""
    return f"{reverse('smart:launch')}?iss={quote(iss, safe='')}&launch={launch}"


def begin(client: Client, iss: str, launch: str = "for-maren") -> str:
    """The address at the EHR to which a launch leads."""
    response = client.get(launch_address(iss, launch))
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def asked(address: str) -> dict[str, str]:
    """What an address says after its question mark."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **named: Any) -> None:
        """Each hop is taken by hand."""


def through_the_ehr(address: str) -> str:
    """What a browser does at the EHR: the path and query at which it comes back."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()), _NoRedirect())
    for _ in range(MOST_HOPS):
        with pytest.raises(HTTPError) as answered:
            opener.open(address, timeout=10)
        hop = answered.value
        assert hop.code in (302, 303), hop.read(500)
        address = urljoin(address, hop.headers["Location"])
        if urlsplit(address).path == reverse("smart:callback"):
            return f"{urlsplit(address).path}?{urlsplit(address).query}"
    raise AssertionError("it goes round in circles")
