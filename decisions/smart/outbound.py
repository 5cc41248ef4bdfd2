"""Asking an EHR: the one place from which a page reaches out, and only to hosts that it may ask.

The name is resolved once. Every address that it has must be public, and the connection goes to the
address that was looked at, under the name: a name that means another address a moment later changes
nothing. No redirect is followed, no proxy asked; time and length are bounded as a whole.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings

SECONDS = 5
MOST_BYTES = 64 * 1024
JSON_TYPES = ("application/json", "application/fhir+json")
FORM = "application/x-www-form-urlencoded"
DEFAULT_PORTS = {"https": 443, "http": 80}
OK = range(200, 300)
REDIRECTS = range(300, 400)
NAT64 = ip_network("64:ff9b::/96")
"""Through it an address of IPv6 leads to one of IPv4."""


class EhrFailed(Exception):
    """The EHR gave no answer that can be used. The message names no patient and no token."""


class NotAllowed(EhrFailed):
    """The address is none that may be asked. No request was made."""


class Refused(EhrFailed):
    """The EHR answered with a status of its own, such as 401."""

    def __init__(self, status: int) -> None:
        super().__init__(f"it answered {status}")
        self.status = status


def get(
    address: str, *, hosts: Collection[str], token: str = "", most: int = MOST_BYTES
) -> Mapping[str, Any]:
    """The JSON object at an address, of so many bytes at most. Raises EhrFailed."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return _ask("GET", address, hosts, headers, most=most)


def post(address: str, *, hosts: Collection[str], form: Mapping[str, str]) -> Mapping[str, Any]:
    """What is answered to a form. Raises EhrFailed."""
    return _ask("POST", address, hosts, {"Content-Type": FORM}, urlencode(form))


def host_of(address: str) -> str:
    """The host of an address as it is compared, with its port where that is not the usual one."""
    parts = urlsplit(address)
    port = parts.port
    is_usual = port in (None, DEFAULT_PORTS.get(parts.scheme))
    return (parts.hostname or "") if is_usual else f"{parts.hostname}:{port}"


def refuse_address(address: str, hosts: Collection[str]) -> SplitResult:
    """The parts of an address that may be asked. Raises NotAllowed."""
    try:
        parts = urlsplit(address)
        host = host_of(address)
    except ValueError:
        raise NotAllowed("the address cannot be read") from None
    if not address.isascii() or not address.isprintable() or " " in address:
        raise NotAllowed("the address has characters that none has")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed("the address has parts that none has")
    if parts.scheme != "https" and not _is_this_machine_in_a_test(parts):
        raise NotAllowed("the address does not begin with https")
    if not host or host not in hosts:
        raise NotAllowed("its host is not among those that the clinic listed")
    return parts


def _is_this_machine_in_a_test(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    is_named = parts.scheme == "http" and host in settings.EHR_PRIVATE_HOSTS
    try:
        return is_named and ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(host: str, port: int) -> str:
    """The one address that is connected to.

    Raises NotAllowed where any that the name has is not public, unless the setting names the host.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise EhrFailed("its host is not known") from None
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if host not in settings.EHR_PRIVATE_HOSTS and not all(
        is_public(ip_address(one)) for one in addresses
    ):
        raise NotAllowed("its host leads to an address that is not public")
    return addresses[0]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of the whole internet; none of IPv6 that carries one of IPv4."""
    if isinstance(address, IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address in NAT64
    ):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Connection(HTTPConnection):
    """To an address that was looked at, for a time; a certificate has to be of the name."""

    def __init__(self, parts: SplitResult) -> None:
        self.is_secure = parts.scheme == "https"
        self.default_port = DEFAULT_PORTS[parts.scheme]
        host, port = parts.hostname or "", parts.port or self.default_port
        self.address, self.has_given_up = address_of(host, port), False
        super().__init__(host, port, timeout=SECONDS)
        self.line: socket.socket | None = None

    def connect(self) -> None:
        """As the library does, but to the address, and not to what the name means by now."""
        self.line = socket.create_connection((self.address, self.port), SECONDS)
        self.sock: socket.socket = self.line
        if self.is_secure and not self.has_given_up:
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.line = self.sock
        if self.has_given_up:
            raise TimeoutError

    def give_up(self) -> None:
        """End it from outside: who waits for an answer waits no longer.

        By a reference of our own: the library forgets the socket once the answer has begun.
        """
        self.has_given_up = True
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


def _ask(
    method: str,
    address: str,
    hosts: Collection[str],
    headers: Mapping[str, str],
    body: str | None = None,
    *,
    most: int = MOST_BYTES,
) -> Mapping[str, Any]:
    parts = refuse_address(address, hosts)
    connection = _Connection(parts)
    sent = {"Accept": ", ".join(JSON_TYPES), "User-Agent": "Kapnet", **headers}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = threading.Timer(SECONDS, connection.give_up)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, path, body=body, headers=sent)
        return _read(connection, most)
    except (HTTPException, OSError, EhrFailed) as failed:
        if connection.has_given_up or isinstance(failed, TimeoutError):
            raise EhrFailed("it did not answer in time") from None
        if isinstance(failed, EhrFailed):
            raise
        is_untrue = isinstance(failed, ssl.SSLCertVerificationError)
        why = "its certificate is not valid" if is_untrue else "no answer came"
        raise EhrFailed(why) from None
    finally:
        watch.cancel()
        connection.close()


def _no_number(name: str) -> None:
    raise ValueError(name)


def _read(connection: _Connection, most: int) -> Mapping[str, Any]:
    response = connection.getresponse()
    if response.status in REDIRECTS:
        raise EhrFailed("it sends us elsewhere, and we did not go")
    if response.status not in OK:
        raise Refused(response.status)
    kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if kind not in JSON_TYPES:
        raise EhrFailed("the answer is not JSON")
    text = response.read(most + 1)
    if len(text) > most:
        raise EhrFailed(f"the answer is longer than {most // 1024} kB")
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise EhrFailed("the answer is not JSON") from None
    if not isinstance(found, dict):
        raise EhrFailed("the answer is not an object")
    return found
