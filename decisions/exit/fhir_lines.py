"""The records of patients as FHIR resources, one a line, some cases to a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from decisions.exit.archive import Archive
from decisions.exit.rows import written

Resource = dict[str, Any]


def write_resources(archive: Archive, cases: list[UUID], part: str) -> dict[str, int]:
    """Write a file for each type, and say how many there were of each."""
    by_type: dict[str, list[bytes]] = {}
    for resource in resources_of(cases):
        by_type.setdefault(resource["resourceType"], []).append(written(resource))
    for name, lines in sorted(by_type.items()):
        with archive.entry(f"fhir/{name}-{part}.ndjson") as entry:
            for line in lines:
                entry.write(line)
    return {f"fhir.{name}": len(lines) for name, lines in by_type.items()}


def resources_of(cases: list[UUID]) -> Iterator[Resource]:
    """Every resource of these cases."""
    yield from ()
