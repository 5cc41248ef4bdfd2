"""A worker killed at any step of an export: it goes on, and ends in exactly one way."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from kapnet.core.encryption.keys import read_keys
from kapnet.core.people.demo import DEMO_PASSWORD
from script.measure.server import ROOT, Client, environment
from tests.whole.faults.processes import PATIENCE, Gunicorn, Postgres, wait_until
from tests.whole.faults.seeds import Seeds

pytestmark = [pytest.mark.faults, pytest.mark.slow]

STAFF = "staff@demo.example"
LETTERS = 2
STATE = "SELECT state FROM desk_export WHERE id = %s"
EXPORTED = """SELECT count(*) FROM desk_deliverystep s
JOIN desk_exportitem i ON i.letter_id = s.delivery_id
WHERE i.export_id = %s AND s.to_status = 'exported'"""
FILE = "SELECT file FROM desk_export WHERE id = %s AND state = 'done'"
HASH = "SELECT file_sha256 FROM desk_export WHERE id = %s"
A_WHILE_AGO = "UPDATE desk_export SET moved_at = moved_at - interval '1 hour' WHERE id = %s"


def is_whole(postgres: Postgres, export: str) -> bool:
    """Whether the stored file, decrypted, is the one whose hash was kept."""
    keys = read_keys((environment(postgres.url)["DATA_KEYS"],))
    file = keys.decrypt(bytes(postgres.ask(FILE, export)))
    return bool(hashlib.sha256(file).hexdigest() == postgres.ask(HASH, export))


def staff_of(server: Gunicorn) -> Client:
    """A client of the demo clinic's staff."""
    client = Client(server.port)
    client.sign_in(STAFF, DEMO_PASSWORD)
    return client


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Gunicorn]:
    """The app with one worker: here it is the worker of the desk that is killed."""
    running = Gunicorn(postgres.url, workers=1)
    yield running
    running.stop()


@pytest.fixture
def letters(seeds: Seeds) -> list[str]:
    """The ids of letters that no other test has."""
    return [seeds.take("signed") for _ in range(LETTERS)]


def ask_for(client: Client, letters: list[str]) -> str:
    """Ask for one file of these letters; the id of the export."""
    token = client.token_of(client.get("/letters/"))
    client.post("/letters/exports/", {"csrfmiddlewaretoken": token, "letter": letters})
    return client.location.rstrip("/").rpartition("/")[2]


def worker(postgres: Postgres) -> subprocess.Popen[bytes]:
    """A worker that makes what was asked for, and ends."""
    command = [sys.executable, "manage.py", "db_worker", "--batch", "--no-reload"]
    command += ["--no-startup-delay", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=ROOT, env=environment(postgres.url))


def kill_while_it_waits_for(postgres: Postgres, table: str) -> None:
    """Run a worker up to its first write to a table, and kill it there."""
    with psycopg.connect(postgres.url_of_superuser) as connection:
        connection.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())
        doomed = worker(postgres)
        wait_until(postgres.is_someone_waiting, what=f"the worker at {table}")
        doomed.kill()
        doomed.wait()
    wait_until(lambda: not postgres.is_someone_waiting(), what="the transaction ended")


def go_on(postgres: Postgres, server: Gunicorn, export: str) -> None:
    """Press the button that is there once an export stands still, and let a worker take it up."""
    with psycopg.connect(postgres.url_of_superuser) as connection:
        connection.execute(A_WHILE_AGO, [export])
    client, page = staff_of(server), f"/letters/exports/{export}/"
    token = client.token_of(client.get(page))
    client.post(f"{page}go-on/", {"csrfmiddlewaretoken": token})
    assert worker(postgres).wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize(
    "table",
    [
        "desk_export",
        pytest.param("desk_exportitem", marks=pytest.mark.long),
        pytest.param("desk_deliverystep", marks=pytest.mark.long),
        pytest.param("audit_event", marks=pytest.mark.long),
    ],
)
def test_f22_worker_killed_at_a_step_of_an_export_ends_in_one_whole_file(
    postgres: Postgres, server: Gunicorn, letters: list[str], table: str
) -> None:
    export = ask_for(staff_of(server), letters)

    kill_while_it_waits_for(postgres, table)

    assert postgres.ask(STATE, export) == "running"
    assert postgres.ask(EXPORTED, export) == 0
    go_on(postgres, server, export)
    assert is_whole(postgres, export)
    assert postgres.ask(EXPORTED, export) == LETTERS


def test_f07_file_asked_for_twice_at_once_notes_each_letter_once(
    postgres: Postgres, server: Gunicorn, letters: list[str]
) -> None:
    client = staff_of(server)
    exports = [ask_for(client, letters) for _ in range(2)]

    workers = [worker(postgres) for _ in range(2)]

    assert [one.wait(timeout=PATIENCE) for one in workers] == [0, 0]
    assert [is_whole(postgres, one) for one in exports] == [True, True]
    assert postgres.ask(EXPORTED, exports[0]) == LETTERS
