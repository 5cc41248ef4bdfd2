"""What a process loads before it is asked anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from kapnet.core.later import import_what_is_named
from tests.template_database import sqlite_template

HEAVY = ("weasyprint", "numpy", "rich", "fontTools", "icalendar", "pypdf")
"""What only drawing, counting and printing need, or the tools for development."""
LATER = ("pydantic", "yaml", "jwt", "segno", "decisions.rules.engine", "evidence.domain.entries")
"""What only rules, evidence and other systems need: most commands ask nothing of them."""
NEVER = (*HEAVY, "unittest", "kapnet.core.people.migrations.0001_tables")
"""What no page needs, and a server that is ready would hand on to each of its workers."""
NAMED = re.compile(r"later\(\s*\"([\w.]+)\"")
PROGRAM = f"""
import sys

import django

django.setup()
print([name for name in {HEAVY + LATER} if name in sys.modules])
"""
SERVER = f"""
import sys

import kapnet.wsgi

print([name for name in {NEVER} if name in sys.modules])
"""


def test_setting_up_loads_nothing_that_only_some_processes_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.slow
def test_server_that_is_ready_keeps_nothing_that_no_page_needs(tmp_path: Path) -> None:
    database = shutil.copyfile(sqlite_template(), tmp_path / "kapnet.sqlite3")
    done = subprocess.run(
        [sys.executable, "-c", SERVER],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}", "DEBUG": "true"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_every_function_that_an_app_names_is_there_and_of_its_own_root() -> None:
    """Import contracts do not see a name, so that a root could name what it must not import."""
    by_root = [
        (config.name.partition(".")[0], name)
        for config in apps.get_app_configs()
        if (file := Path(config.path) / "apps.py").is_file()
        for name in NAMED.findall(file.read_text(encoding="utf-8"))
    ]

    assert {name for _, name in by_root} == set(import_what_is_named())
    assert [name for root, name in by_root if not name.startswith(f"{root}.")] == []
