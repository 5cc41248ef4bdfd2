"""Judges resources of FHIR R5: one as JSON a line comes in, and a line with its faults goes out.

fhir.resources knows the codes that a field may have and takes others, too, so that they are looked
at here. What it reads has to be what came in.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

OPEN = {"etc.", "mime"}
"""Where a field names its codes as examples, and takes any media type."""


def faults_of(line: str) -> list[str]:
    """What is wrong with a resource; empty where nothing is."""
    raw = json.loads(line, parse_float=Decimal)
    kind = raw["resourceType"]
    model = getattr(importlib.import_module(f"fhir.resources.{kind.lower()}"), kind)
    try:
        resource = model.model_validate_json(line)
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()]
    faults = list(strange_codes(resource, kind))
    again = json.loads(resource.model_dump_json(), parse_float=Decimal)
    return faults if again == raw else [*faults, "it is not read as it was written"]


def strange_codes(part: object, where: str) -> Iterator[str]:
    """Codes outside of the set that the field names."""
    if isinstance(part, list):
        for one in part:
            yield from strange_codes(one, where)
    if not isinstance(part, BaseModel):
        return
    for name, field in type(part).model_fields.items():
        value = getattr(part, name, None)
        extra: Any = field.json_schema_extra or {}
        allowed = extra.get("enum_values")
        if allowed and OPEN.isdisjoint(allowed):
            for one in value if isinstance(value, list) else [value]:
                if one is not None and one not in allowed:
                    yield f"{where}.{name}: {one} is none of {', '.join(allowed)}"
        yield from strange_codes(value, f"{where}.{name}")


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(faults_of(line)))
