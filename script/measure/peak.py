"""The most memory that this process has held."""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> float:
    """In MB, since this program began.

    `ru_maxrss` is of no use here: it counts what the process that started this one held before.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) / 1024
