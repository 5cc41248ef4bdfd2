"""Faults put into the app on purpose, one to three lines each, and the tests that must find them.

    python -m script.measure.planted                 every fault, in a copy of the last commit
    python -m script.measure.planted desk settled    those whose names hold one of these words
    python -m script.measure.planted S-31            those of this row of docs/security.md
    python -m script.measure.planted --in FOLDER     in another copy, which is left as it was

Prints a line a fault; the exit status is 1 when one is not found, or does not fit any more.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from script.measure.planted_app import OF_APP
from script.measure.planted_doors import OF_DOORS
from script.measure.planted_fault import Planted
from script.measure.planted_faults import OF_FAULTS
from script.measure.planted_rights import OF_RIGHTS
from script.measure.planted_server import OF_SERVER

ROOT = Path(__file__).parents[2]
SHARED = (".venv", "node_modules", "static/build", "static/fonts", "var/stamps/static")
"""What a copy takes from here: nothing of it is under version control."""
FAILED = re.compile(r"^\d+ failed\b", re.MULTILINE)
"""What pytest says when a test failed; one that could not begin is an error and found nothing."""
ENVIRONMENT = {
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
    "DATA_KEYS": "b25seS1mb3ItdGVzdHN4eHh4eHh4eHh4eHh4eHh4eHg=",
    "DEBUG": "false",
}

PLANTED = (*OF_RIGHTS, *OF_DOORS, *OF_FAULTS, *OF_SERVER, *OF_APP)


def rows_of(document: str) -> dict[str, list[str]]:
    """The rows of docs/security.md with the tests that each names."""
    cells = [line.strip("| ").split(" | ") for line in document.splitlines()]
    rows = {one[0]: one[-1] for one in cells if re.fullmatch(r"[SF]-\d\d", one[0])}
    return {number: re.findall(r"`(test_\w+)`", held) for number, held in rows.items()}


def targets_of(fault: Planted, folder: Path) -> list[str]:
    """What pytest runs: of its files the tests that its rows name, or all where it has no row."""
    if not fault.rows:
        return fault.tests.split()
    rows = rows_of((folder / "docs" / "security.md").read_text())
    named = {name for row in fault.rows.split() for name in rows[row]}
    return [
        f"{file}::{name}"
        for file in fault.tests.split()
        for name in re.findall(r"^def (test_\w+)", (folder / file).read_text(), re.MULTILINE)
        if name in named
    ]


def is_found(fault: Planted, folder: Path) -> bool:
    """Whether a test fails over it. Raises ValueError when it does not fit any more."""
    file = folder / fault.file
    right = file.read_text()
    if right.count(fault.old) != 1:
        raise ValueError(f"{fault.file} does not hold this once: {fault.old!r}")
    file.write_text(right.replace(fault.old, fault.new))
    try:
        ran = subprocess.run(  # noqa: S603
            [folder / ".venv/bin/pytest", "-q", "-x", *targets_of(fault, folder)],
            cwd=folder,
            env={**os.environ, **ENVIRONMENT, "DATABASE_URL": f"sqlite:///{folder}/unused.sqlite3"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        file.write_text(right)
    return bool(FAILED.search(ran.stdout))


def plant(faults: list[Planted], folder: Path) -> int:
    """How many of them are not found; a line for each."""
    missed = 0
    for fault in faults:
        started = perf_counter()
        try:
            result = "found" if is_found(fault, folder) else "NOT FOUND"
        except ValueError as problem:
            result = f"NOT FOUND: {problem}"
        missed += result != "found"
        print(f"{result:10}{perf_counter() - started:6.0f} s  {fault.name}", flush=True)
    print(f"{len(faults) - missed} of {len(faults)} found")
    return missed


def main(arguments: list[str]) -> int:
    """The exit status."""
    if arguments[:1] == ["--in"]:
        folder, words = Path(arguments[1]).resolve(), arguments[2:]
        return int(plant(chosen(words), folder) > 0)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "copy")
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)  # noqa: S603, S607
        for one in SHARED:
            (folder / one).parent.mkdir(parents=True, exist_ok=True)
            (folder / one).symlink_to(ROOT / one)
        return int(plant(chosen(arguments), folder) > 0)


def chosen(words: list[str]) -> list[Planted]:
    """The faults whose names or rows hold one of these words; all without one."""
    return [
        one
        for one in PLANTED
        if not words or any(word in f"{one.name} {one.rows}" for word in words)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
