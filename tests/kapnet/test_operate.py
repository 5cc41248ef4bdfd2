"""The files that docs/operate.md tells to install, and the settings that it tells to write."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from kapnet.core.encryption.keys import make_key
from tests.collecting import for_each

ROOT = Path(settings.BASE_DIR)
DOCUMENT = (ROOT / "docs" / "operate.md").read_text()
FILES = sorted((ROOT / "docs" / "operate").iterdir())
KEYS = {"SECRET_KEY": "0123456789abcdef" * 4, "DATA_KEYS": make_key()}
OF_A_MACHINE = {"--bind", "--workers", "--forwarded-allow-ips", "--log-level"}
"""Options of gunicorn that may differ from those of a local demo."""


@for_each("file", FILES, ids=lambda one: one.name)
def test_file_is_told_of(file: Path) -> None:
    assert f"operate/{file.name}" in DOCUMENT


@pytest.mark.slow
def test_settings_of_the_document_are_enough_for_deployment(tmp_path: Path) -> None:
    written = dict(re.findall(r"^    ([A-Z_]+)=([^$\n]+)$", DOCUMENT, re.MULTILINE))
    assert {"ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES"} <= set(written)
    here = {**KEYS, "DATABASE_URL": f"sqlite:///{tmp_path / 'unused.sqlite3'}"}

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DEBUG": "false", **written, **here},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


DOCUMENTS = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *FILES,
    *(ROOT / "script" / name for name in ("backup", "restore", "setup", "server")),
]
SECRET = re.compile(r"\$\{?(owner|server|DATABASE_URL)\b|PASSWORD|PASSPHRASE\b|:[^/\s$]+@")


def commands_in(text: str) -> list[str]:
    """Lines that a shell runs, without what is handed to a program by a here-document."""
    found, ends_with = [], ""
    for line in (one.strip() for one in text.splitlines()):
        if ends_with:
            ends_with = "" if line == ends_with else ends_with
            continue
        here = re.search(r"<<'?(\w+)", line)
        ends_with = here.group(1) if here else ""
        found.append(line)
    return found


@for_each("document", DOCUMENTS, ids=lambda one: one.name)
def test_no_command_shows_a_password_to_ps(document: Path) -> None:
    programs = re.compile(r"\b(psql|pg_dump|pg_restore|pg_dumpall|createuser|dropdb|createdb)\b")

    shown = [
        line
        for line in commands_in(document.read_text())
        if programs.search(line) and SECRET.search(line)
    ]

    assert shown == []


def test_jobs_of_the_owner_run_as_another_user_than_the_server() -> None:
    users = {
        file.name: re.findall(r"^User=(\S+)$", file.read_text(), re.MULTILINE)
        for file in FILES
        if file.suffix == ".service"
    }
    as_owner = (ROOT / "docs" / "operate" / "kapnet-as-owner").read_text()

    assert users == {
        "kapnet.service": ["kapnet"],
        "kapnet-worker.service": ["kapnet"],
        "kapnet-nightly.service": ["kapnet-owner"],
    }
    assert "--reuid=kapnet-owner --regid=kapnet-owner" in as_owner
    for file in FILES:
        reads_owner = "/etc/kapnet/owner" in file.read_text()
        assert reads_owner == (file.name in ("kapnet-nightly.service", "kapnet-as-owner"))


def test_what_fails_at_night_keeps_nobody_from_a_reminder() -> None:
    nightly = (ROOT / "docs" / "operate" / "kapnet-nightly.service").read_text()
    commands = re.findall(r"^(Exec\w+)=.*manage\.py (\w+)", nightly, re.MULTILINE)

    assert commands == [  # at a command that fails, systemd goes on with what comes after a stop
        ("ExecStart", "delete_cases"),
        ("ExecStart", "audit"),
        ("ExecStopPost", "remind_due"),
    ]


def test_gunicorn_is_started_as_for_a_local_demo() -> None:
    service = (ROOT / "docs" / "operate" / "kapnet.service").read_text()
    demo = (ROOT / "script" / "server").read_text()

    assert _options(service) == _options(demo)


def _options(text: str) -> dict[str, str]:
    command = re.search(r"gunicorn kapnet\.wsgi((?:.*\\\n)*.*)", text)
    assert command is not None
    words = command.group(1).replace("\\\n", " ").split()
    following = [*words[1:], ""]
    found = {
        word: "" if after.startswith("--") else after
        for word, after in zip(words, following, strict=True)
        if word.startswith("--")
    }
    return {name: value.rstrip("&") for name, value in found.items() if name not in OF_A_MACHINE}
