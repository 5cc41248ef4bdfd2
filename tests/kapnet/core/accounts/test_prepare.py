"""manage.py prepare, where real people may work. The local demo: test_server_script.py."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from evidence.loading import load_dossier
from evidence.queries import current_release_name
from kapnet.core.people.models import User

pytestmark = pytest.mark.django_db


def test_installation_gets_evidence_and_files_and_no_demo(
    settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "collected"
    (tmp_path / "env").touch()
    (tmp_path / "demo-accounts").write_text("of a time when DEBUG was on")
    said = StringIO()

    call_command("prepare", stdout=said)

    assert current_release_name() == load_dossier().release
    assert not User.objects.exists()
    assert not (tmp_path / "demo-accounts").exists()
    collected = {path.name for path in (tmp_path / "collected").rglob("*")}
    assert "kapnet.css" in collected
    assert not {"kapnet.scss", "letter.css"} & collected
    assert [line.partition(" ready")[0] for line in said.getvalue().splitlines()] == [
        "database",
        "evidence",
        "lists of cases",
        "static files",
    ]
