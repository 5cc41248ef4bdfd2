"""Asking Crossref over the network: off unless a setting allows it, and then only its own host."""

from __future__ import annotations

import json
import time
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
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

from django.conf import settings

from evidence.retractions.crossref import Finding, Outcome, find, records_in

TIMEOUT_SECONDS = 10
"""How long one step of the connection may take."""

LONGEST_SECONDS = 30
"""How long one answer may take as a whole."""

MOST_BYTES = 5_000_000
"""The longest answer that is read; a record of one work has some kilobytes."""

MOST_NOTICES = 50
"""How many notices about one work are asked for."""

LOOPBACK = frozenset({"127.0.0.1", "localhost"})


class FetchFailed(Exception):
    """There was no answer that can be used; the message says why."""


def fetch_finding(doi: str) -> Finding:
    """What Crossref says of a work by its own record and by the notices that name it.

    Where one of the two could not be had, what the other says still counts, as incomplete.
    """
    documents, failures = [], []
    for address in (f"/works/{quote(doi, safe='')}", _notices_about(doi)):
        try:
            document = _answer(address)
        except FetchFailed as failure:
            failures.append(str(failure))
        else:
            documents.append(document)
            failures += _left_out(document)
    found = find(doi, records_in(documents), missing="Crossref gave no record under this DOI.")
    return found if not failures else _incomplete(found, failures)


def _notices_about(doi: str) -> str:
    return f"/works?filter=updates:{quote(doi, safe='')}&rows={MOST_NOTICES}"


def _left_out(document: object) -> list[str]:
    """A sentence where a list of notices does not hold all of them."""
    message = document.get("message") if isinstance(document, dict) else None
    if not isinstance(message, dict):
        return ["The answer is not one of Crossref's."]
    if not isinstance(items := message.get("items"), list):
        return []
    total = message.get("total-results")
    return [] if total == len(items) else [f"Of {total} notices {len(items)} were read."]


def _incomplete(found: Finding, failures: list[str]) -> Finding:
    outcome = found.outcome
    if outcome is Outcome.NOTHING_FOUND:
        outcome = Outcome.COULD_NOT_CHECK
    detail = " ".join(filter(None, (found.detail, *failures)))
    return found.model_copy(update={"outcome": outcome, "is_complete": False, "detail": detail})


# One answer


def _answer(path: str) -> object:
    """The JSON at this path of Crossref. Raises FetchFailed."""
    address = settings.CROSSREF_ADDRESS.rstrip("/") + path
    refuse_other_hosts(address)
    request = Request(address, headers={"Accept": "application/json", "User-Agent": "Kapnet"})  # noqa: S310, hosts and schemes are allowed by name
    try:
        with _opener().open(request, timeout=TIMEOUT_SECONDS) as response:
            body = _read(response)
        return json.loads(body)
    except HTTPError as error:
        raise FetchFailed(f"Crossref answered {error.code}.") from error
    except (URLError, HTTPException, OSError) as error:
        raise FetchFailed(f"Crossref could not be reached ({_cause(error)}).") from error
    except (ValueError, RecursionError) as error:
        raise FetchFailed("The answer is no JSON.") from error


def refuse_other_hosts(address: str) -> None:
    """Raises FetchFailed for a host that the settings do not name, and for plain HTTP to one."""
    parts = urlsplit(address)
    if parts.hostname not in settings.CROSSREF_HOSTS:
        raise FetchFailed(f"The host {parts.hostname} is not in CROSSREF_HOSTS.")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise FetchFailed("CROSSREF_ADDRESS does not begin with https.")


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
            raise FetchFailed("Crossref sent us to another host; we did not go there.")
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
