"""The evidence that decisions rest on: by stamp, kept in the process, true to the rows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.actions import publish_release
from evidence.loading import load_dossier
from evidence.models import Source
from evidence.queries import (
    _kept_evidence,
    current_evidence,
    current_release_name,
    evidence_for,
    newest_stamp,
    release_stamp_subquery,
)
from tests.evidence.evidence_factories import load_own_dossier

pytestmark = pytest.mark.django_db

ASK_RELEASE = "from evidence.queries import current_evidence; print(current_evidence().release)"


def test_without_release_the_dossier_counts() -> None:
    assert newest_stamp() is None
    assert current_evidence() is load_dossier()
    assert evidence_for("") is load_dossier()
    assert current_release_name() == "2026-11"


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

    assert run.stdout.strip() == "2026-11"
    assert database.exists() == is_there


def test_stamp_comes_with_any_query() -> None:
    load_own_dossier()

    stamp = (
        Source.objects.annotate(stamp=release_stamp_subquery())
        .values_list("stamp", flat=True)
        .first()
    )

    assert stamp == newest_stamp()
    assert stamp == f"2026-11:{load_dossier().sha256}"


def test_second_read_of_a_stamp_asks_the_database_nothing() -> None:
    load_own_dossier()
    stamp = newest_stamp()
    evidence_for(stamp)

    with CaptureQueriesContext(connection) as queries:
        evidence_for(stamp)

    assert len(queries) == 0


def test_released_change_is_seen_at_once() -> None:
    load_own_dossier()
    current_evidence()
    Source.objects.filter(key="philip-2016").update(certainty="very_low")

    publish_release(notes="Lowered.")

    assert current_evidence().source("philip-2016").certainty == "very_low"
    assert current_evidence().release == "2026-11.1"


def test_stamp_that_was_passed_gives_the_newest() -> None:
    load_own_dossier()
    old = newest_stamp()
    Source.objects.filter(key="philip-2016").update(certainty="high")
    publish_release(notes="Raised.")

    assert evidence_for(f"{old}-never-kept").release == "2026-11.1"


def test_change_past_the_actions_says_so_in_its_name() -> None:
    load_own_dossier()
    Source.objects.filter(key="philip-2016").update(note="Changed by hand.")
    _kept_evidence.cache_clear()

    evidence = current_evidence()

    assert evidence.release == "2026-11+edited"
    assert evidence.sha256 != load_dossier().sha256
