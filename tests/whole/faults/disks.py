"""A small disk of its own, that a test fills up to the last byte."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FILL = "fill"
PIECE = 64 * 1024


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[Path]:
    """The folder of a disk in memory. Skips the test where mounting is not permitted."""
    folder = Path(tempfile.mkdtemp())
    size = f"size={megabytes}m"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("mounting a small disk is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(disk: Path, *, but_for: int = 0) -> None:
    """Leave no more room than so many bytes."""
    with (disk / FILL).open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * PIECE):
                pass
        except OSError:
            size = file.tell()
        file.truncate(size - but_for)


def make_room(disk: Path) -> None:
    """Give back what was filled."""
    (disk / FILL).unlink()
