"""A setting is right, or the program stops with one sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.collecting import for_each

GOOD = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "x" * 40,
    "DATABASE_URL": "sqlite://:memory:",
}


def run_check(**changes: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in an environment of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**GOOD, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@for_each(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": " "}, "SECRET_KEY is not set. Run script/setup, or set it"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short."),
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'. Set it to true or false."),
        ({"DATABASE_URL": "mysql://host/name"}, "DATABASE_URL cannot be used."),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be used."),
        ({"DATABASE_URL": "postgresql://host"}, "DATABASE_URL cannot be used."),
        ({"DATABASE_POOL_SIZE": "many"}, "DATABASE_POOL_SIZE is 'many'. Set it to a whole"),
        ({"STANDBY_DATABASE_URL": "postgresql://h/n"}, "STANDBY_DATABASE_URL cannot be used."),
        ({"TIME_ZONE": "Mars/North"}, "TIME_ZONE is 'Mars/North'. Set it to a time zone"),
        ({"LETTER_PAPER": "a5"}, "LETTER_PAPER is 'a5'. Set it to one of: letter, a4."),
        ({"FORM_LINK_DAYS": "31"}, "FORM_LINK_DAYS is 31. Set it to days from 1 to 30."),
    ],
)
def test_odd_setting_stops_with_one_sentence(changes: dict[str, str], sentence: str) -> None:
    result = run_check(**changes)

    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.slow
def test_database_that_does_not_answer_stops_with_one_sentence() -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=settings.BASE_DIR,
        env={**GOOD, "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert "The database does not answer" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_command_that_needs_a_key_that_is_not_there_stops_with_one_sentence() -> None:
    code = "from kapnet.core.encryption.keys import keyring; keyring()"
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code],
        cwd=settings.BASE_DIR,
        env={**GOOD, "DATA_KEYS": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr.startswith("DATA_KEYS is not set: patients cannot be stored.")
    assert "Traceback" not in result.stderr


def test_sqlite_waits_and_writes_at_once() -> None:
    from kapnet.databases import SQLITE

    assert SQLITE["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert SQLITE["OPTIONS"]["timeout"] >= 10
    assert "journal_mode=WAL" in SQLITE["OPTIONS"]["init_command"]
