"""The records of patients as FHIR resources, one a line, some cases to a file."""

from __future__ import annotations

from uuid import UUID

from decisions.exit.archive import Archive
from decisions.exit.everything import records_of
from decisions.exit.rows import written
from decisions.fhir.records.gate import OWNER


def write_resources(archive: Archive, cases: list[UUID], part: str) -> dict[str, int]:
    """Write a file for each type, and say how many there were of each."""
    by_type: dict[str, list[bytes]] = {}
    for resource in records_of(cases, OWNER):
        by_type.setdefault(resource["resourceType"], []).append(written(resource))
    for name, lines in sorted(by_type.items()):
        with archive.entry(f"fhir/{name}-{part}.ndjson") as entry:
            for line in lines:
                entry.write(line)
    return {f"fhir.{name}": len(lines) for name, lines in by_type.items()}
