"""What a search asks for, and the Bundle that answers it, page by page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest

from decisions.fhir.names import Resource
from kapnet.core.web.fhir_answers import FhirRefused

LARGEST_PAGE: Final = 50
OF_EVERY_SEARCH: Final = frozenset({"_count", "_format", "page"})


@dataclass(frozen=True)
class Search:
    """Parameters that this address knows, each given once. size: of a page; start: of this one."""

    asked: Mapping[str, str]
    size: int
    start: int

    def one(self, name: str) -> str:
        """The value of a parameter; empty where it is not given."""
        return self.asked.get(name, "")


def search_of(request: HttpRequest, known: Collection[str]) -> Search:
    """The search of a request. Raises FhirRefused 400 for what is not known, or given twice."""
    given = request.GET
    for name in given:
        if name not in known and name not in OF_EVERY_SEARCH:
            names = ", ".join(sorted(known))
            raise FhirRefused(
                400, "", f"This search does not know that parameter. It has: {names}."
            )
        if len(given.getlist(name)) > 1 or not given[name]:
            raise FhirRefused(400, "", f"Give {name} once, with a value.")
    size = _number(given.get("_count"), "_count", LARGEST_PAGE)
    start = _number(given.get("page"), "page", 0)
    asked = {name: given[name] for name in given if name in known}
    return Search(asked, min(size, LARGEST_PAGE), start)


def _number(text: str | None, name: str, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < len("1000000")):
        raise FhirRefused(400, "", f"{name} is a number.")
    return int(text)


def bundle_of(
    request: HttpRequest,
    search: Search,
    found: Sequence[Any],
    *,
    address: Callable[[Resource], str],
    write: Callable[[Any], Resource] = lambda resource: resource,
) -> Resource:
    """One page of what was found. write: turns what is on it into resources."""
    page = [write(one) for one in found[search.start : search.start + search.size]]
    after = search.start + len(page)
    links = [_link(request, search, "self", search.start)]
    if search.size and after < len(found):
        links.append(_link(request, search, "next", after))
    entries = [
        {
            "fullUrl": request.build_absolute_uri(address(one)),
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in page
    ]
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": links,
    }
    return {**bundle, "entry": entries} if entries else bundle


def _link(request: HttpRequest, search: Search, relation: str, start: int) -> Resource:
    asked = {**search.asked, "_count": search.size, **({"page": start} if start else {})}
    return {
        "relation": relation,
        "url": request.build_absolute_uri(f"{request.path}?{urlencode(asked)}"),
    }
