"""What `manage.py decide` says of a case, as Parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from decisions.fhir.names import Resource


def decided(result: Mapping[str, Any]) -> Resource:
    """The same result, name by name; a list is its name once for each of its values.

    result: one line of `manage.py decide`, without its id.
    """
    return {"resourceType": "Parameters", "parameter": list(_parameters(result))}


def _parameters(result: Mapping[str, Any]) -> Iterator[Resource]:
    for name, value in result.items():
        if name == "options":
            yield from (_option(option, one) for option, one in value.items())
            continue
        for one in value if isinstance(value, list) else [value]:
            yield {"name": name, **_value(one)}


def _option(option: str, said: Mapping[str, Any]) -> Resource:
    parts: list[Resource] = [{"name": "id", "valueCode": option}]
    for name, value in said.items():
        for one in value if isinstance(value, list) else [value]:
            parts.append({"name": name, **_value(one)})
    return {"name": "option", "part": parts}


def _value(value: object) -> Resource:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, Mapping):
        return {"part": list(_parameters(value))}
    return {"valueString": str(value)}
