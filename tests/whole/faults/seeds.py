"""What tests of faults work on, made by a process of its own, since that costs seconds to start."""

from __future__ import annotations

import subprocess
import sys

from script.measure.server import ROOT, environment

AT_ONCE = {"case": 8, "draft": 4, "signed": 5}
"""As many as the tests of the gate need."""


class Seeds:
    """Cases, drafts and signed letters of the demo therapist, each handed out once."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._made: dict[str, list[str]] = {}

    def take(self, kind: str) -> str:
        """One that no other test has."""
        if not self._made:
            self._make(AT_ONCE)
        if not self._made[kind]:
            self._make({kind: AT_ONCE[kind]})
        return self._made[kind].pop()

    def _make(self, wanted: dict[str, int]) -> None:
        numbers = [str(wanted.get(kind, 0)) for kind in AT_ONCE]
        done = subprocess.run(
            [sys.executable, "-m", "tests.whole.faults.seed", *numbers],
            cwd=ROOT,
            env=environment(self._url),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in done.stdout.splitlines():
            kind, _, made = line.partition(" ")
            self._made.setdefault(kind, []).append(made)
