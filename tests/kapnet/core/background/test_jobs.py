"""Jobs of the background: tried again where that helps, never lost, and cleared away afterwards."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from decisions.desk import tasks
from kapnet.core.background import worker
from kapnet.core.background.jobs import is_worker_away, lives, note_beat
from kapnet.core.background.pruning import prune
from kapnet.core.background.worker import AGAIN_AFTER, take_up_abandoned_jobs
from kapnet.core.notices.tasks import mail_new_password
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.worker import worked

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EXPORT = "00000000-0000-0000-0000-000000000000"
LATER = timedelta(seconds=1)


@pytest.fixture
def fail_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the next job fail with this."""

    def fail(error: Exception) -> None:
        def raise_it(export_id: Any) -> None:
            raise error

        monkeypatch.setattr(tasks, "run_export", raise_it)
        tasks.make_export.enqueue(EXPORT)

    return fail


def job() -> DBTaskResult[Any, Any]:
    return DBTaskResult.objects.get()


# Tried again


@for_each(
    "error",
    [OperationalError("database is locked"), ConnectionRefusedError(), SMTPServerDisconnected()],
    undone=True,
)
def test_job_that_failed_for_what_passes_is_tried_again_later(
    error: Exception, fail_with: Callable[[Exception], None]
) -> None:
    now = timezone.now()
    fail_with(error)

    for pause in AGAIN_AFTER:
        with time_machine.travel(now):
            worked()
            assert job().status == TaskResultStatus.READY
            assert not DBTaskResult.objects.ready().exists()
        now += pause + LATER
    with time_machine.travel(now):
        worked()

    assert job().status == TaskResultStatus.FAILED


@for_each("error", [ValueError("no such export"), User.DoesNotExist()], undone=True)
def test_job_that_fails_for_what_stays_is_not_tried_again(
    error: Exception, fail_with: Callable[[Exception], None]
) -> None:
    fail_with(error)

    worked()

    assert job().status == TaskResultStatus.FAILED
    assert len(job().worker_ids) == 1


def test_job_whose_worker_died_is_taken_up(fail_with: Callable[[Exception], None]) -> None:
    fail_with(ValueError())
    note_beat("lives")
    job().claim("lives")

    take_up_abandoned_jobs()
    assert job().status == TaskResultStatus.RUNNING

    job().claim("died")
    take_up_abandoned_jobs()
    assert job().status == TaskResultStatus.READY
    assert DBTaskResult.objects.ready().exists()


def test_job_that_another_worker_took_up_meanwhile_stays_with_it(
    fail_with: Callable[[Exception], None],
) -> None:
    fail_with(ValueError())
    job().claim("died")
    seen_long_ago = job()
    take_up_abandoned_jobs()
    job().claim("another")

    worker._let_wait(seen_long_ago)

    assert job().status == TaskResultStatus.RUNNING


def test_job_over_which_every_worker_dies_is_given_up(
    fail_with: Callable[[Exception], None],
) -> None:
    fail_with(ValueError())

    for _ in AGAIN_AFTER:
        job().claim("died")
        take_up_abandoned_jobs()
        assert job().status == TaskResultStatus.READY
    job().claim("died")
    take_up_abandoned_jobs()

    assert job().status == TaskResultStatus.FAILED


@pytest.mark.django_db(transaction=True)
def test_worker_outlasts_a_database_that_is_locked(
    fail_with: Callable[[Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(ValueError())
    monkeypatch.setattr(worker, "PAUSE", 0)
    refusals = iter(range(3))

    def refuse(execute: Any, sql: str, *some: Any) -> Any:
        if "dbtaskresult" in sql and next(refusals, None) is not None:
            raise OperationalError("database is locked")
        return execute(sql, *some)

    with connection.execute_wrapper(refuse):
        worker.SteadyWorker.for_all_jobs("tests", batch=True).run()

    assert next(refusals, None) is None
    assert job().status == TaskResultStatus.FAILED


@pytest.mark.django_db(transaction=True)
def test_job_during_which_the_database_goes_away_is_not_left_with_a_worker_that_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[object] = []
    monkeypatch.setattr(tasks, "run_export", tried.append)
    monkeypatch.setattr(worker, "PAUSE", 0)
    tasks.make_export.enqueue(EXPORT)
    refusals = iter(range(20))  # what is tried again at once is tried in vain

    def refuse(execute: Any, sql: str, *some: Any) -> Any:
        if tried and "dbtaskresult" in sql and next(refusals, None) is not None:
            raise OperationalError("the connection is closed")
        return execute(sql, *some)

    note_beat("tests")
    with connection.execute_wrapper(refuse):
        worker.SteadyWorker.for_all_jobs("tests", batch=True).run()

    assert [str(one) for one in tried] == [EXPORT, EXPORT]
    assert job().status == TaskResultStatus.SUCCESSFUL


@pytest.mark.django_db(transaction=True)
def test_worker_gives_signs_of_life_and_prunes(fail_with: Callable[[Exception], None]) -> None:
    fail_with(ValueError())
    Session.objects.create(session_key="old", expire_date=timezone.now() - LATER)
    assert is_worker_away()

    call_command("work", batch=True)

    assert job().status == TaskResultStatus.FAILED
    assert lives(job().worker_ids[0])
    assert not is_worker_away()
    assert not Session.objects.exists()


# Cleared away


def test_what_ended_is_removed_and_nothing_else(fail_with: Callable[[Exception], None]) -> None:
    now = timezone.now()
    for key, lasts in (("ended", LATER), ("open", timedelta(hours=1))):
        Session.objects.create(session_key=key, expire_date=now + lasts)
        cache.set(key, 1, lasts.total_seconds())
    for _ in range(4):
        fail_with(ValueError())
    done, failed, lately, waits = DBTaskResult.objects.all()
    old, long_ago = now - timedelta(hours=2), now - timedelta(days=15)
    for one, status, at in (
        (done, "SUCCESSFUL", old),
        (failed, "FAILED", long_ago),
        (lately, "FAILED", old),
        (waits, "READY", None),
    ):
        DBTaskResult.objects.filter(pk=one.pk).update(status=status, finished_at=at)

    with time_machine.travel(now + 2 * LATER):
        prune()

    assert [one.session_key for one in Session.objects.all()] == ["open"]
    assert {one.pk for one in DBTaskResult.objects.all()} == {lately.pk, waits.pk}
    assert keys_of_limits() == {":1:open"}


def keys_of_limits() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        return {key for (key,) in cursor.fetchall()}


def test_counts_of_tries_stay_however_many_others_there_are() -> None:
    cache.set("allauth:login", 5, 300)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, expires FROM shared_cache")
        ((value, expires),) = cursor.fetchall()
        rows = [(f":1:b{one}", value, expires) for one in range(10_050)]
        cursor.executemany("INSERT INTO shared_cache VALUES (%s, %s, %s)", rows)

    cache.set("verify:another", 1, 300)

    assert cache.get("allauth:login") == 5


def test_form_of_a_browser_in_which_nobody_was_signed_in_is_not_kept() -> None:
    Client().post("/cases/new/", {"patient_name": "x" * 1000})

    assert not Session.objects.exists()


def test_mail_that_waited_while_its_function_moved_is_sent(
    therapist: User, mailoutbox: list[EmailMessage]
) -> None:
    mail_new_password.enqueue(str(therapist.pk), "https://kapnet.example")
    DBTaskResult.objects.update(task_path="kapnet.clinics.tasks.mail_new_password")
    migration = importlib.import_module(
        "kapnet.core.people.migrations.0005_jobs_by_their_new_names"
    )

    migration.forward(apps, None)
    worked()

    assert job().status == TaskResultStatus.SUCCESSFUL
    assert [mail.to for mail in mailoutbox] == [[therapist.email]]
