"""A damaged edition is never taken for a safe one, nor for an empty one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from decisions.loading import CURRENT_EDITION
from script.measure.server import ROOT, environment
from script.measure.web import SECTION, signed_in
from tests.faults.processes import PATIENCE, Gunicorn, Postgres, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

PARTS = ("kapnet", "decisions", "evidence", "script", "static", "templates")


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A copy of the project, whose files a test may damage."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def damage(installation: Path) -> None:
    """Cut off the second half of the rules, as a copy does that was interrupted."""
    rules = installation / "decisions" / "editions" / CURRENT_EDITION / "rules.yaml"
    text = rules.read_text()
    rules.write_text(text[: len(text) // 2])


def test_f14_damaged_edition_at_start_is_refused_with_a_sentence(
    postgres: Postgres, installation: Path
) -> None:
    damage(installation)

    done = subprocess.run(
        [sys.executable, "-c", "import kapnet.wsgi"],
        cwd=installation,
        env={**environment(postgres.url), "PYTHONPATH": str(installation)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 1
    assert f"Edition {CURRENT_EDITION}, rules.yaml" in done.stderr
    assert "Not started. Put these files back as released." in done.stderr
    assert "Traceback" not in done.stderr


def test_f14_edition_damaged_while_running_leaves_the_last_good_one(
    postgres: Postgres, installation: Path, case_id: str
) -> None:
    server = Gunicorn(postgres.url, root=installation)
    try:
        damage(installation)
        server.kill_workers()
        wait_until(server.answers, what="a page of the new workers")
        client = signed_in(server.port)

        assert "bp_systolic" in client.get(f"/cases/{case_id}/{SECTION}/")
        assert "What speaks for and against" in client.get(f"/cases/{case_id}/decision/")
    finally:
        server.stop()
