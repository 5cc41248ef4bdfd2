"""CDS Hooks 2.0 as JSON Schema, written from its tables: what is sent, and what is answered."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
CODING = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": TEXT, "system": TEXT, "display": TEXT},
    "additionalProperties": False,
}
SERVICE = {
    "type": "object",
    "required": ["hook", "id", "description"],
    "properties": {
        "hook": TEXT,
        "id": {"type": "string", "pattern": r"^[A-Za-z0-9_-]+$"},
        "title": TEXT,
        "description": TEXT,
        "version": TEXT,
        "usageRequirements": TEXT,
        "prefetch": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
    },
    "additionalProperties": False,
}
DISCOVERY = {
    "type": "object",
    "required": ["services"],
    "properties": {"services": {"type": "array", "minItems": 1, "items": SERVICE}},
    "additionalProperties": False,
}
LINK = {
    "type": "object",
    "required": ["label", "url", "type"],
    "properties": {
        "label": TEXT,
        "url": {"type": "string", "pattern": "^https?://"},
        "type": {"enum": ["absolute", "smart"]},
        "appContext": TEXT,
    },
    "additionalProperties": False,
    "if": {"required": ["appContext"]},
    "then": {"properties": {"type": {"const": "smart"}}},
}
CARD = {
    "type": "object",
    "required": ["summary", "indicator", "source"],
    "properties": {
        "uuid": {"type": "string", "pattern": r"^[0-9a-f-]{36}$"},
        "summary": {"type": "string", "minLength": 1, "maxLength": 139},
        "detail": TEXT,
        "indicator": {"enum": ["info", "warning", "critical"]},
        "source": {
            "type": "object",
            "required": ["label"],
            "properties": {"label": TEXT, "url": TEXT, "icon": TEXT, "topic": CODING},
            "additionalProperties": False,
        },
        "overrideReasons": {
            "type": "array",
            "minItems": 1,
            "items": {**CODING, "required": ["code", "system", "display"]},
        },
        "links": {"type": "array", "minItems": 1, "items": LINK},
    },
    "additionalProperties": False,
}
"""Without suggestions: no card of ours orders anything."""
CARDS = {
    "type": "object",
    "required": ["cards"],
    "properties": {"cards": {"type": "array", "maxItems": 2, "items": CARD}},
    "additionalProperties": False,
}
CALL = {
    "type": "object",
    "required": ["hook", "hookInstance", "context"],
    "properties": {
        "hook": {"enum": ["patient-view", "order-select", "order-sign"]},
        "hookInstance": TEXT,
        "fhirServer": {"type": "string", "pattern": "^https?://"},
        "fhirAuthorization": {"type": "object"},
        "prefetch": {"type": "object"},
        "context": {
            "type": "object",
            "required": ["userId", "patientId"],
            "properties": {"userId": TEXT, "patientId": TEXT, "encounterId": TEXT},
        },
    },
}
OUTCOME = {
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["severity", "code", "diagnostics"],
                "properties": {"severity": {"const": "error"}, "code": TEXT, "diagnostics": TEXT},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def assert_fits(schema: dict[str, Any], value: object) -> None:
    """Raises AssertionError with every fault and its place."""
    Draft202012Validator.check_schema(schema)
    faults = list(Draft202012Validator(schema).iter_errors(value))
    assert not faults, "\n".join(f"{one.json_path}: {one.message}" for one in faults)
