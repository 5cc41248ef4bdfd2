"""A large clinic leaves and enters in the memory of a small one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_scopes import scope

from kapnet.core.people.models import Clinic, Role, User
from tests.decisions.exit.leaving import go_to_an_empty_installation
from tests.decisions.letters.stored_letters import make_signed
from tests.factories import make_member

MANY = 1_000
MOST_TO_LEAVE, MOST_TO_ENTER = 200, 300
"""Megabytes. The program has 110 before it does anything; a passphrase takes 128 for a moment."""


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_cases_leave_and_enter_in_little_memory(
    clinic: Clinic, therapist: User, tmp_path: Path
) -> None:
    from script.measure.seed_copies import copy_letters

    make_member(clinic=clinic, role=Role.MANAGER)
    letter = make_signed(therapist)
    with scope(clinic=clinic):
        copy_letters(letter, MANY)
    file = str(tmp_path / "clinic.age")

    measured("begin")
    made = measured("make", file)
    go_to_an_empty_installation()
    entered = measured("enter", file)

    assert made < MOST_TO_LEAVE
    assert entered < MOST_TO_ENTER


def measured(*what: str) -> int:
    """The most megabytes of a process that does this in the test's database."""
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        where = f"sqlite:///{of['NAME']}"
    else:  # by TCP or by a socket
        host, port = (of[name.upper()] or of["OPTIONS"][name] for name in ("host", "port"))
        where = f"postgresql://{of['USER']}@/{of['NAME']}?host={host}&port={port}"
    done = subprocess.run(
        [sys.executable, "-m", "script.measure.leaving", *what],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": where, "DJANGO_SETTINGS_MODULE": "kapnet.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return int(re.findall(r"(\d+) MB$", done.stdout.strip())[-1])
