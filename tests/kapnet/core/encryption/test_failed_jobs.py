"""A job that fails with a patient's name in its message leaves no name behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from decisions.desk import tasks
from tests.kapnet.core.encryption.kept_rows import NAME, everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


def test_failed_job_stores_its_lines_and_no_message(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(export_id: Any) -> None:
        try:
            raise KeyError(f"not there: {NAME}")
        except KeyError as error:
            raise ValueError(f"no letter of {NAME}\n  {NAME} again") from error

    monkeypatch.setattr(tasks, "run_export", fail)
    tasks.make_export.enqueue("00000000-0000-0000-0000-000000000000")

    call_command("db_worker", batch=True, interval=0, verbosity=1)

    failed = DBTaskResult.objects.get()
    assert failed.status == "FAILED"
    assert "tasks.py" in failed.traceback
    assert failed.traceback.endswith("ValueError")
    assert NAME.encode() not in everything_stored()
    assert NAME not in "".join(capfd.readouterr())
