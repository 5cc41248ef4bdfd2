"""Packages: what runs is what is locked, and script/audit asks about all of it (S-63).

Nothing here asks the network. The two programs that would are replaced by ones that write down
what they were asked, and find a package called `faulty`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement

from tests.kapnet.test_locks import lines_of

ROOT = Path(settings.BASE_DIR)
LOCKS = sorted(one.name for one in (ROOT / "requirements").glob("*.txt"))
ASKED = """#!/bin/sh
echo "$(basename "$0") $*" >> asked
for one in "$@"; do [ -f "$one" ] && grep -qs '^faulty' "$one" && exit 1; done
exit 0
"""
NPM = """#!/bin/sh
echo "npm $*" >> asked
! grep -qs '"faulty"' package-lock.json
"""


def test_s63_what_is_installed_is_what_is_locked() -> None:
    wanted = [Requirement(line) for line in lines_of("run").values()]
    here = [one for one in wanted if one.marker is None or one.marker.evaluate()]

    assert len(here) > 20
    assert [str(one) for one in here if not one.specifier.contains(version(one.name))] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project as script/audit sees it."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "package-lock.json", tmp_path)
    for name, text in (("var/audit/bin/pip-audit", ASKED), ("programs/npm", NPM)):
        program = tmp_path / name
        program.parent.mkdir(parents=True)
        program.write_text(text)
        program.chmod(0o755)
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "audit", tmp_path / "script")
    return tmp_path


def audit(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Its exit status, and what it asked."""
    done = subprocess.run(
        [folder / "script" / "audit", *arguments],
        cwd=folder,
        env={"PATH": f"{folder / 'programs'}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    return done.returncode, (folder / "asked").read_text().splitlines()


def test_s63_audit_asks_about_every_lock_and_ends_well_when_nothing_is_known(folder: Path) -> None:
    status, asked = audit(folder)

    assert status == 0
    strict = "pip-audit --strict --require-hashes --disable-pip -r requirements"
    assert asked == [*(f"{strict}/{lock}" for lock in LOCKS), "npm audit --package-lock-only"]


@pytest.mark.parametrize("lock", LOCKS)
def test_s63_audit_fails_for_a_known_fault_in_any_lock_and_asks_on(folder: Path, lock: str) -> None:
    with (folder / "requirements" / lock).open("a") as file:
        file.write("faulty==1.0\n")

    status, asked = audit(folder)

    assert status != 0
    assert len(asked) == len(LOCKS) + 1


def test_s63_audit_fails_for_a_known_fault_in_the_style_sheet_builders(folder: Path) -> None:
    (folder / "package-lock.json").write_text('{"packages": {"faulty": {}}}')

    assert audit(folder)[0] != 0


def test_s63_audit_writes_a_bill_of_what_is_served(folder: Path) -> None:
    _, asked = audit(folder, "bill.json")

    (bill,) = (line for line in asked if "-o bill.json" in line)
    assert "-r requirements/run.txt -f cyclonedx-json" in bill
