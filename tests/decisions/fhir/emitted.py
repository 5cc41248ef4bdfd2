"""What a foreign validator says of the resources that a test emits: all of them at once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from django.conf import settings

FOREIGN = settings.BASE_DIR / "tests" / "foreign"
LONGEST = 300
"""Seconds. The JSON schema takes a minute to compile on a busy machine."""


def assert_valid(resources: Iterable[dict[str, Any]], *, by: str = "fhir") -> None:
    """by: a validator of validate.mjs, or of validate.py."""
    every = list(resources)
    found = {name(one): faults for one, faults in zip(every, verdicts(every, by=by), strict=True)}
    wrong = {of: faults for of, faults in found.items() if faults}
    assert not wrong, wrong


def verdicts(resources: list[dict[str, Any]], *, by: str) -> list[list[str]]:
    """The faults of each, in the same order."""
    if by in ("fhir", "schema", "medplum"):
        command = ["node", str(FOREIGN / "validate.mjs"), by]
    else:
        command = [str(FOREIGN / ".venv" / "bin" / "python"), str(FOREIGN / "validate.py"), by]
    lines = "".join(json.dumps(one) + "\n" for one in resources)
    ran = subprocess.run(
        command, input=lines, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]


def name(resource: dict[str, Any]) -> str:
    """Of which resource a fault is."""
    return f"{resource.get('resourceType')}/{resource.get('id', '')}"
