"""Reads R4 resources, one JSON a line, and prints a verdict for each: [] or a list of faults.

First argument: which package judges. R4B: fhir.resources, which has no R4; fhirclient: its R4.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any


def by_r4b(resource: dict[str, Any]) -> None:
    """Raises ValueError."""
    kind = resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    model.model_validate(resource)


def by_fhirclient(resource: dict[str, Any]) -> None:
    """Raises FHIRValidationError."""
    kind = resource["resourceType"]
    getattr(import_module(f"fhirclient.models.{kind.lower()}"), kind)(resource)


def main() -> None:
    judge = {"R4B": by_r4b, "fhirclient": by_fhirclient}[sys.argv[1]]
    for line in sys.stdin:
        faults = []
        try:
            judge(json.loads(line))
        except Exception as refused:
            faults.append(str(refused)[:600])
        print(json.dumps(faults))


main()
