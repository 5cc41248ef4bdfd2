"""What this server offers as FHIR R4: addresses and capability statement are made of one list.

So that the statement cannot name what does not answer, or leave out what does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import URLPattern, path

from kapnet.core.clients.door import View, by_method

ROOT: Final = "fhir/r4/"
PLACE = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Offered:
    """One thing that a program can do here.

    route: below `fhir/r4/`, such as "Task/<str:resource_id>". resource: its type; empty for the
    whole system. does: code of the interaction, such as "read" or "search-type"; empty for an
    operation. operation: its name without the dollar, and `definition` where it is defined. search:
    parameter -> its type. conditional: further elements of the statement, such as
    conditionalCreate.
    """

    route: str
    method: str
    view: View
    resource: str = ""
    does: str = ""
    operation: str = ""
    definition: str = ""
    search: Mapping[str, str] = field(default_factory=dict)
    conditional: Mapping[str, Any] = field(default_factory=dict)


_offered: list[Offered] = []


def addresses(*offers: Offered) -> list[URLPattern]:
    """The addresses of these; from now on the capability statement names them.

    Addresses are tried in this order: "Task/_search" comes before "Task/<str:resource_id>".
    """
    _offered.extend(one for one in offers if one not in _offered)
    by_route: dict[str, dict[str, View]] = {}
    for one in offers:
        by_route.setdefault(one.route, {})[one.method] = one.view
    return [
        path(f"{ROOT}{route}", by_method(**views), name=f"fhir_{_name(route)}")
        for route, views in by_route.items()
    ]


def _name(route: str) -> str:
    return re.sub(r"[/$-]+", "_", PLACE.sub("one", route)).strip("_").lower()


def offers() -> tuple[Offered, ...]:
    """Everything that has an address."""
    return tuple(_offered)


def statement(*, version: str, address: str, token_address: str) -> dict[str, Any]:
    """The capability statement. address: of this server."""
    resources = sorted({one.resource for one in _offered if one.resource})
    oauth = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    service = {
        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
        "code": "SMART-on-FHIR",
    }
    rest: dict[str, Any] = {
        "mode": "server",
        "security": {
            "cors": False,
            "service": [{"coding": [service]}],
            "extension": [
                {"url": oauth, "extension": [{"url": "token", "valueUri": token_address}]}
            ],
        },
        "resource": [_resource(one) for one in resources],
    }
    if operations := list(_operations(one for one in _offered if not one.resource)):
        rest["operation"] = operations
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": version.replace(".", "-"),
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "software": {"name": "Kapnet", "version": version},
        "implementation": {"description": "Kapnet", "url": address},
        "rest": [rest],
    }


def _resource(kind: str) -> dict[str, Any]:
    own = [one for one in _offered if one.resource == kind]
    does = [{"code": code} for code in dict.fromkeys(one.does for one in own) if code]
    search = {name: of for one in own for name, of in one.search.items()}
    found: dict[str, Any] = {"type": kind}
    if does:
        found["interaction"] = does
    for one in own:
        found |= one.conditional
    if search:
        found["searchParam"] = [{"name": name, "type": search[name]} for name in sorted(search)]
    if operations := list(_operations(own)):
        found["operation"] = operations
    return found


def _operations(offers: Iterable[Offered]) -> Iterator[dict[str, str]]:
    """Each once, whether it is asked of a type or of one resource."""
    named = {one.operation: one.definition for one in offers if one.operation}
    for name, definition in named.items():
        yield {"name": name, "definition": definition}
