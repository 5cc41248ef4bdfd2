"""The peak that measurements report is that of their own process."""

from __future__ import annotations

import subprocess
import sys

from script.measure.peak import peak_mb


def test_peak_leaves_out_what_the_starting_process_held() -> None:
    held = bytearray(64 << 20)
    asked = "from script.measure.peak import peak_mb; print(peak_mb())"
    child = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True)
    assert len(held) / 2**20 <= peak_mb()
    assert 1 < float(child.stdout) < len(held) / 2**20
