"""A database that takes no changes, and a disk with no room: read on, and nothing is pretended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from script.measure.server import Client, manage, prepare
from script.measure.web import QUESTION, SECTION, Saver, seed_cases, signed_in
from tests.whole.faults.disks import fill, make_room, small_disk
from tests.whole.faults.drafts import WHOLE, Draft
from tests.whole.faults.processes import Gunicorn, Postgres

pytestmark = [pytest.mark.faults, pytest.mark.slow]

STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"
STATUS = "SELECT status FROM letters_letter WHERE id = %s"
SAYS = "Changes cannot be saved right now."
KEPT = "What you typed is kept on this page"
TRIES = 400


@contextmanager
def read_only(postgres: Postgres) -> Iterator[None]:
    """The app's role may read, as on a standby."""
    setting = "ALTER ROLE kapnet SET default_transaction_read_only = "
    for is_on in ("on", "off"):
        with psycopg.connect(postgres.url_of_superuser, autocommit=True) as connection:
            connection.execute(f"{setting}{is_on}".encode())
        postgres.end_connections()
        if is_on == "on":
            yield


def send_as_a_form(client: Client, case_id: str, value: int) -> str:
    """Post an answer as a page without script does; the page that comes back."""
    path = f"/cases/{case_id}/{SECTION}/"
    token = client.token_of(client.get(path))
    with pytest.raises(OSError, match="answered 503"):
        client.post(path, {"csrfmiddlewaretoken": token, QUESTION: str(value)})
    return client.refusal


def save_until_refused(saver: Saver) -> int | None:
    """The last value that the server acknowledged, if it took any more."""
    last = None
    for _ in range(TRIES):
        try:
            last = saver.save()
        except OSError:
            return last
    raise TimeoutError("the disk was never full")


def test_f25_read_only_database_is_read_and_nothing_is_called_saved(
    postgres: Postgres, server: Gunicorn, case_id: str
) -> None:
    client = signed_in(server.port)
    acknowledged = Saver(client, case_id).save()

    with read_only(postgres):
        page = client.get(f"/cases/{case_id}/{SECTION}/")
        refusal = send_as_a_form(client, case_id, 199)

        assert SAYS in page
        assert QUESTION in page
        assert "Nothing was saved" in refusal
        assert KEPT in refusal
        assert f'name="{QUESTION}" value="199"' in refusal
        assert client.get("/readyz") == "degraded: changes cannot be saved\n"
        assert SAYS in client.get(f"/cases/{case_id}/decision/")

    assert postgres.ask(STORED, case_id) == acknowledged
    assert Saver(client, case_id).save() == postgres.ask(STORED, case_id)
    assert SAYS not in client.get(f"/cases/{case_id}/{SECTION}/")


def test_f04_full_disk_while_a_letter_is_drawn_leaves_a_draft(
    postgres: Postgres, draft: Draft
) -> None:
    with small_disk(megabytes=2) as disk:
        server = Gunicorn(postgres.url, workers=1, TMPDIR=str(disk))
        try:
            client = signed_in(server.port)
            fill(disk, but_for=32 * 1024)

            with pytest.raises(OSError, match="answered 409"):
                draft.sign(client)

            assert "There is no room left on the disk to draw the letter." in client.refusal
            assert postgres.ask(STATUS, draft.id) == "draft"
            make_room(disk)
            draft.sign(client)
            assert postgres.ask(WHOLE, draft.id) is True
        finally:
            server.stop()
        assert not list(disk.glob("*press*"))


@contextmanager
def app_on_full_disk(url: str, case_id: str, disk: Path) -> Iterator[tuple[Client, int]]:
    """A signed-in client after the first refusal, and the last value that was acknowledged.

    Afterwards there is room again: saves are taken, and the audit log is whole.
    """
    server = Gunicorn(url, workers=1)
    try:
        client = signed_in(server.port)
        saver = Saver(client, case_id)
        acknowledged = saver.save()
        fill(disk)
        yield client, save_until_refused(saver) or acknowledged

        make_room(disk)
        Saver(client, case_id).save()
        assert SAYS not in client.get(f"/cases/{case_id}/{SECTION}/")
    finally:
        server.stop()
    manage(url, "audit", "verify")


def test_f05_full_disk_under_postgresql_refuses_saves_and_lets_read(
    postgres: Postgres, case_id: str
) -> None:
    with small_disk(megabytes=240) as disk:
        database = Postgres(disk)
        try:
            database.copy_of(postgres)
            with app_on_full_disk(database.url, case_id, disk) as (client, acknowledged):
                assert "Nothing was saved" in client.refusal
                assert KEPT in client.refusal
                assert QUESTION in client.get(f"/cases/{case_id}/{SECTION}/")
                assert database.ask(STORED, case_id) == acknowledged
        finally:
            database.stop()


@pytest.mark.long
def test_f05_full_disk_under_sqlite_refuses_saves_and_loses_nothing() -> None:
    with small_disk(megabytes=64) as disk:
        url = f"sqlite:///{disk / 'kapnet.sqlite3'}"
        prepare(url)
        case_id = seed_cases(url, 1)[0]

        with app_on_full_disk(url, case_id, disk) as (client, acknowledged):
            assert "Nothing was saved" in client.refusal
            make_room(disk)
            page = client.get(f"/cases/{case_id}/{SECTION}/")
            fill(disk)

            assert f'value="{acknowledged}"' in page
