"""A new process, before there is a database of its own, or a table in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ASK_RELEASE = "from evidence.queries import current_evidence; print(current_evidence().release)"


@pytest.mark.slow
@pytest.mark.parametrize("is_there", [True, False])
def test_without_tables_or_database_the_dossier_counts(tmp_path: Path, is_there: bool) -> None:
    database = tmp_path / "empty.sqlite3"
    if is_there:
        database.touch()

    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", ASK_RELEASE],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == "2026-12"
    assert database.exists() == is_there
