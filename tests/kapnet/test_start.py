"""What a process loads before it is asked anything."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("weasyprint", "numpy", "rich", "fontTools", "icalendar", "pypdf")
"""What only drawing, counting and printing need, or the tools for development."""
PROGRAM = f"""
import sys

import django

django.setup()
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_setting_up_loads_nothing_that_only_some_processes_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
