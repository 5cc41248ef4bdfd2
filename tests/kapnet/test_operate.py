"""The files that docs/operate.md tells to install, and the settings that it tells to write."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from kapnet.at_rest.keys import make_key
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
