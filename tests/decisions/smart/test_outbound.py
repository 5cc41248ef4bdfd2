"""Asking an EHR: what is never asked, what is not believed, and for how long it is waited."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from decisions.smart import outbound
from decisions.smart.outbound import EhrFailed, NotAllowed, Refused, get, is_public, post
from tests.collecting import for_each
from tests.decisions.smart.faulty_ehr import FaultyEhr, Said, faulty_ehr

EHR = "ehr.example"
NEVER_ASKED = {
    "http://ehr.example/fhir": "https",
    "ftp://ehr.example/fhir": "https",
    "file:///etc/hostname": "https",
    "//ehr.example/fhir": "https",
    "https://other.example/fhir": "host",
    "https://ehr.example.other.example/": "host",
    "https://ehr.example:8443/": "host",
    "https:///fhir": "host",
    "https://ehr.example@other.example/": "parts",
    "https://somebody:secret@ehr.example/": "parts",
    "https://ehr.example/#part": "parts",
    "https://ehr.example:port/": "cannot be read",
    "https://ehr.example/a b": "characters",
    "https://ehr.example/\r\nX: y": "characters",
    "https://ehr.exämple/": "characters",
    "http://127.0.0.1/": "https",
    "https://127.0.0.1/": "host",
}
NOT_PUBLIC = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("169.254.1.1", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"),
    *("::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::", "::7f00:1"),
)
OK = Said({"is": "here"})
UNFIT: dict[str, tuple[Said, str]] = {
    "a redirect": (Said({}, status=302, headers={"Location": "/ok"}), "sends us elsewhere"),
    "a lasting redirect": (Said({}, status=308, headers={"Location": "/ok"}), "elsewhere"),
    "a page": (Said(b"<html>", kind="text/html"), "not JSON"),
    "no JSON": (Said(b"{"), "not JSON"),
    "a list": (Said([1]), "not an object"),
    "too deep": (Said(b"[" * 60_000), "not JSON"),
    "too long": (Said({"x": "y" * 70_000}), "longer than 64 kB"),
    "its fault": (Said({}, status=500), "answered 500"),
    "not allowed": (Said({}, status=401), "answered 401"),
    "no status": (Said({}, status=199), "answered 199"),
}


@pytest.fixture
def ehr(settings: Any) -> Iterator[FaultyEhr]:
    """An EHR on this machine, which the setting for tests allows."""
    settings.EHR_PRIVATE_HOSTS = ["127.0.0.1"]
    with faulty_ehr() as server:
        server.answers["/ok"] = OK
        yield server


def never_asked(*args: object, **named: object) -> Any:
    """In place of what reaches out."""
    raise AssertionError("somebody was asked")


@for_each("address", NEVER_ASKED)
def test_address_is_never_asked(address: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", never_asked)
        with pytest.raises(NotAllowed, match=NEVER_ASKED[address]):
            get(address, hosts={EHR})


@for_each("address", NOT_PUBLIC)
def test_address_that_is_not_public_is_not_connected_to(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    known = [(family, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", address)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *args, **named: known)
        patch.setattr(socket, "create_connection", never_asked)
        with pytest.raises(NotAllowed, match="not public"):
            get(f"https://{EHR}/fhir", hosts={EHR})
    assert not is_public(ip_address(address))


@for_each("host", ("127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]"))
def test_address_in_numbers_is_no_way_around(host: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "create_connection", never_asked)
        with pytest.raises(NotAllowed, match="not public"):
            get(f"https://{host}/", hosts={host.strip("[]")})


@for_each("address", ("93.184.216.34", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"))
def test_public_address_is_one(address: str) -> None:
    assert is_public(ip_address(address))


def test_name_that_nobody_knows_fails() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", _unknown)
        with pytest.raises(EhrFailed, match="not known"):
            get(f"https://{EHR}/", hosts={EHR})


def _unknown(*args: object, **named: object) -> Any:
    raise socket.gaierror


def test_answer_is_read_without_a_cookie_or_a_proxy(
    ehr: FaultyEhr, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert get(f"{ehr.address}/ok?q=1", hosts={ehr.host}, token="a-token") == OK_BODY
    assert post(f"{ehr.address}/ok", hosts={ehr.host}, form={"a": "b"}) == OK_BODY
    (first, headers), (second, others) = ehr.asked
    assert (first, second) == ("GET /ok?q=1", "POST /ok")
    assert headers["Authorization"] == "Bearer a-token"
    assert "Authorization" not in others


OK_BODY = {"is": "here"}


@for_each("name", UNFIT)
def test_answer_is_not_believed(name: str, ehr: FaultyEhr) -> None:
    said, why = UNFIT[name]
    ehr.answers["/x"] = said
    ehr.asked.clear()

    with pytest.raises(EhrFailed, match=why):
        get(f"{ehr.address}/x", hosts={ehr.host})
    assert len(ehr.asked) == 1


def test_own_fault_of_the_ehr_is_told_from_a_refusal(ehr: FaultyEhr) -> None:
    ehr.answers["/x"] = Said({}, status=503)

    with pytest.raises(Refused) as refused:
        get(f"{ehr.address}/x", hosts={ehr.host})
    assert refused.value.status == 503


@for_each("said", [Said({}, wait=2), Said({"x": "y" * 100}, drip=0.1)], ids=["silent", "dripping"])
def test_slow_answer_is_not_waited_for(said: Said, ehr: FaultyEhr) -> None:
    ehr.answers["/x"] = said
    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbound, "SECONDS", 0.3)
        with pytest.raises(EhrFailed, match="in time"):
            get(f"{ehr.address}/x", hosts={ehr.host})

    assert time.monotonic() - began < 1.5


def test_name_is_resolved_once_and_the_certificate_is_of_the_name(
    settings: Any, tmp_path: Path
) -> None:
    settings.EHR_PRIVATE_HOSTS = [EHR, "other.example"]
    certificate = make_certificate(tmp_path)
    resolved: list[object] = []

    def resolve(host: object, port: object, **named: object) -> Any:
        resolved.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    trusting = ssl.create_default_context(cafile=certificate[0])
    with faulty_ehr(certificate) as server, pytest.MonkeyPatch.context() as patch:
        server.answers["/ok"] = OK
        connect = socket.create_connection
        patch.setattr(socket, "getaddrinfo", resolve)
        patch.setattr(socket, "create_connection", lambda to, *rest: _by_number(connect, to, *rest))
        patch.setattr(ssl, "create_default_context", lambda: trusting)
        for host in (EHR, "other.example"):
            address = f"https://{host}:{server.server_port}"
            if host == EHR:
                assert get(f"{address}/ok", hosts={f"{host}:{server.server_port}"}) == OK_BODY
            else:
                with pytest.raises(EhrFailed, match="certificate"):
                    get(f"{address}/ok", hosts={f"{host}:{server.server_port}"})

    assert resolved == [EHR, "other.example"]


def _by_number(connect: Any, to: tuple[str, int], *rest: Any) -> socket.socket:
    """Only an address in numbers is connected to, so that no name is resolved another time."""
    assert to[0] == "127.0.0.1"
    plain = socket.socket()
    plain.settimeout(rest[0])
    plain.connect(to)
    return plain


def make_certificate(folder: Path) -> tuple[str, str]:
    """Files of a certificate of ehr.example, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, EHR)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(EHR)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(files[0]), str(files[1])
