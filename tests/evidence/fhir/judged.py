"""Resources of R5, judged by the models of fhir.resources in a Python of their own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOREIGN = Path(__file__).parents[2] / "foreign"


def faults_in(resources: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """The faults of those that have some, by id or kind. The program is started once."""
    given = list(resources)
    lines = "".join(f"{json.dumps(one)}\n" for one in given)
    ran = subprocess.run(
        [FOREIGN / ".venv/bin/python", FOREIGN / "r5.py"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    judged = [json.loads(line) for line in ran.stdout.splitlines()]
    pairs = zip(given, judged, strict=True)
    return {one.get("id", one["resourceType"]): faults for one, faults in pairs if faults}
