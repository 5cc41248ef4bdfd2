"""A damaged edition is never taken for a safe one, nor for an empty one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from decisions.rules.loading import CURRENT_EDITION
from kapnet.core.people.demo import DEMO_PASSWORD
from script.measure.server import ROOT, Client, environment
from script.measure.web import SECTION, signed_in
from tests.whole.faults.processes import PATIENCE, Gunicorn, Postgres, wait_until
from tests.whole.faults.seeds import Seeds

pytestmark = [pytest.mark.faults, pytest.mark.slow]

STAFF = "staff@demo.example"
PARTS = ("kapnet", "decisions", "evidence", "script", "static", "templates")


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A copy of the project, whose files a test may damage."""
    for part in PARTS:
        # With what Python has compiled, but for what another process is just compiling.
        ignored = shutil.ignore_patterns("*.pyc.*")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    return tmp_path


def damage(installation: Path) -> None:
    """Cut off the second half of the rules, as a copy does that was interrupted."""
    rules = installation / "decisions" / "rules" / "editions" / CURRENT_EDITION / "rules.yaml"
    text = rules.read_text()
    rules.write_text(text[: len(text) // 2])


def refused(client: Client, path: str) -> str:
    """The page that a path is refused with."""
    with pytest.raises(OSError, match="answered 503"):
        client.get(path)
    return client.refusal


def test_f14_damaged_edition_at_start_closes_guidance_and_nothing_else(
    postgres: Postgres, installation: Path, case_id: str, seeds: Seeds
) -> None:
    damage(installation)
    letter_id = seeds.take("signed")
    server = Gunicorn(postgres.url, root=installation)
    try:
        client, staff = signed_in(server.port), Client(server.port)
        staff.sign_in(STAFF, DEMO_PASSWORD)

        for path in ("", f"{SECTION}/", "check/", "decision/"):
            page = refused(client, f"/cases/{case_id}/{path}")
            assert "Guidance is unavailable" in page
            assert "do not take it for a no" in page
        assert "edition or evidence cannot be loaded" in refused(client, "/readyz")
        assert client.get_bytes(f"/letters/{letter_id}/pdf/").startswith(b"%PDF")
        assert "/letters/" in staff.get("/letters/")
        assert "/evidence/" in client.get("/evidence/")
    finally:
        server.stop()


def test_f14_damaged_edition_is_named_at_start(postgres: Postgres, installation: Path) -> None:
    damage(installation)

    done = subprocess.run(
        [sys.executable, "-c", "import kapnet.wsgi"],
        cwd=installation,
        env={**environment(postgres.url), "PYTHONPATH": str(installation)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )

    assert f"Edition {CURRENT_EDITION}, rules.yaml" in done.stderr
    assert "Started without guidance" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
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
        assert "For and against, case" in client.get(f"/cases/{case_id}/decision/")
        assert client.get("/readyz").startswith("degraded: the files of the edition have changed")
    finally:
        server.stop()
