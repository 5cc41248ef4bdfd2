"""Every route of the project by its name, with the action of the table that its view asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
FOR_PROGRAMS = ("api.call", "api.open")
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address: its name, what stands for its objects, and its action; empty: no policy.

    methods: those that an address for programs takes.
    """

    name: str
    places: tuple[str, ...]
    action: str
    methods: tuple[str, ...] = ()

    @property
    def is_admin(self) -> bool:
        """Whether Django's admin answers, which asks by its own permissions."""
        return self.name.startswith("admin:")


def routes() -> list[Route]:
    """All that people open, in the order in which addresses are tried."""
    return [one for one in _all() if one.action not in FOR_PROGRAMS]


def program_routes() -> list[Route]:
    """All that programs call, which no sign-in opens."""
    return [one for one in _all() if one.action in FOR_PROGRAMS]


def _all() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], space: str, before: str) -> Iterator[Route]:
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, inner, address)
        elif isinstance(one, URLPattern):
            places = tuple(PLACE.findall(address)) or tuple(NAMED_GROUP.findall(address))
            action = getattr(one.callback, "policy", "")
            methods = getattr(one.callback, "methods", ())
            yield Route(f"{space}{one.name}", places, action, methods)
