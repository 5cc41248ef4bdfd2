"""Count once, in a process of its own, what a release would change; prints what it took as JSON."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first

from decisions.replay.impact_queries import impact  # noqa: E402
from evidence.queries import current_evidence  # noqa: E402
from script.measure.peak import peak_mb  # noqa: E402

WITHDRAWN = "lam-2024-canmat"
"""A guideline behind many rules: two thirds of the cases have a rule that weighs otherwise."""
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Withdraw one guideline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    before = current_evidence()
    after = before.with_retracted(frozenset({WITHDRAWN}))
    gc.freeze()
    python, postgresql = time.process_time(), _cpu(backend)
    found = impact(before, after)
    taken = {
        "looked_at": found.compared + found.refused,
        "python": time.process_time() - python,
        "postgresql": _cpu(backend) - postgresql,
        "peak_mb": peak_mb(),
    }
    sys.stdout.write(json.dumps(taken))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
