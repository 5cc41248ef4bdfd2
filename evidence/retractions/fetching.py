"""Asking Crossref over the network: off unless a setting allows it, and then only its own host."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.conf import settings

from evidence.retractions.crossref import Finding, Outcome, find, records_in
from evidence.web import FetchFailed, get

MOST_NOTICES = 50
"""How many notices about one work are asked for."""


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
    body = get(address, hosts=settings.CROSSREF_HOSTS, accept="application/json", who="Crossref")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchFailed("The answer is no JSON.") from error
