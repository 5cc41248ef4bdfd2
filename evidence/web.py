"""Reaching out: only to hosts that are named in the settings, bounded in time and length.

Two commands of curation do, each only where a setting allows it. Launches from an EHR have a client
of their own, decisions/smart/outbound.py.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

TIMEOUT_SECONDS = 10
"""How long one step of the connection may take."""

LONGEST_SECONDS = 30
"""How long one answer may take as a whole."""

MOST_BYTES = 5_000_000
"""The longest answer that is read; a record of one work has some kilobytes."""

LOOPBACK = frozenset({"127.0.0.1", "localhost"})


class FetchFailed(Exception):
    """There was no answer that can be used; the message says why."""


def get(address: str, *, hosts: Collection[str], accept: str, who: str) -> bytes:
    """The answer at an address. who: whom we ask, for messages. Raises FetchFailed."""
    refuse_other_hosts(address, hosts)
    request = Request(address, headers={"Accept": accept, "User-Agent": "Kapnet"})  # noqa: S310, hosts and schemes are allowed by name
    try:
        with _opener().open(request, timeout=TIMEOUT_SECONDS) as response:
            return _read(response)
    except HTTPError as error:
        raise FetchFailed(f"{who} answered {error.code}.") from error
    except (URLError, HTTPException, OSError) as error:
        raise FetchFailed(f"{who} could not be reached ({_cause(error)}).") from error


def refuse_other_hosts(address: str, hosts: Collection[str]) -> None:
    """Raises FetchFailed for a host that the settings do not name, and for plain HTTP to one."""
    parts = urlsplit(address)
    if parts.hostname not in hosts:
        raise FetchFailed(f"The host {parts.hostname} is not among those that may be asked.")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise FetchFailed(f"The address of {parts.hostname} does not begin with https.")


def _cause(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return "no answer in time" if isinstance(reason, TimeoutError) else type(reason).__name__


def _read(response: IO[bytes]) -> bytes:
    """The whole body, if it is neither too long nor too slow. Raises FetchFailed."""
    deadline = time.monotonic() + LONGEST_SECONDS
    parts, size = [], 0
    while part := response.read1(65_536):  # type: ignore[attr-defined]
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise FetchFailed(f"The answer is longer than {MOST_BYTES} bytes.")
        if time.monotonic() > deadline:
            raise FetchFailed("The answer took too long.")
    return b"".join(parts)


class SameHostOnly(HTTPRedirectHandler):
    """Follows a redirect within the host, never to another one or to another scheme."""

    max_redirections = 3

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Raises FetchFailed for any other address."""
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        if (before.scheme, before.netloc) != (after.scheme, after.netloc):
            raise FetchFailed("We were sent to another host and did not go there.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """HTTP and HTTPS and nothing else: no files, no FTP."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        SameHostOnly(),
    ):
        opener.add_handler(handler)
    return opener
