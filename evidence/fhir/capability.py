"""The CapabilityStatement: what is served, and nothing more."""

from __future__ import annotations

from evidence.fhir.parts import Part, Resource
from evidence.fhir.registry import Parameter, Served, served

MADE_ON = "2026-11-29"
"""The day on which what is served was last changed."""

READ, SEARCH = "read", "search-type"


def capability(base: str) -> Resource:
    """As R5 wants it."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": MADE_ON,
        "kind": "instance",
        "fhirVersion": "5.0.0",
        "format": ["json"],
        "software": {"name": "Kapnet"},
        "implementation": {"description": "The published evidence, read-only", "url": base},
        "rest": [
            {
                "mode": "server",
                "documentation": "Open to everybody. Bundle/NAME is a whole release.",
                "resource": [_bundle(), *(_resource(one) for one in served().values())],
            }
        ],
    }


def _bundle() -> Part:
    return {
        "type": "Bundle",
        "documentation": "A release as a collection; its id is the name of the release.",
        "interaction": [{"code": READ}],
    }


def _resource(served: Served) -> Part:
    return {
        "type": served.kind,
        "documentation": served.about,
        "interaction": [{"code": READ}, {"code": SEARCH}],
        "searchParam": [_parameter(one) for one in served.parameters],
    }


def _parameter(one: Parameter) -> Part:
    return {"name": one.name, "type": one.type.value, "documentation": one.about}
