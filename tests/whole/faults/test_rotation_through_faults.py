"""Keys are changed while somebody saves, by a command that is killed half way and started again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from kapnet.core.encryption.keys import make_key, read_keys
from script.measure.server import ROOT, environment
from script.measure.web import Saver, seed_cases, seed_letters, signed_in
from tests.whole.faults.processes import Gunicorn, Postgres

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CASES = 3
NAMES = "SELECT string_agg(patient_name, ' ') FROM decisions_case"
LETTERS = "SELECT array_agg(pdf) FROM letters_letter WHERE status = 'signed'"
STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"


def rotating(postgres: Postgres, keys: str) -> subprocess.Popen[str]:
    """The command, under way."""
    command = [sys.executable, "manage.py", "data_keys", "rotate"]
    variables = {**environment(postgres.url), "DATA_KEYS": keys, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)


def save_until(stopped: Event, saver: Saver) -> list[int]:
    """Every value that the server acknowledged meanwhile."""
    acknowledged = []
    while not stopped.is_set():
        acknowledged.append(saver.save())
    return acknowledged


@pytest.fixture
def keys(postgres: Postgres) -> Iterator[tuple[str, str]]:
    """The key of the rows and a new one; afterwards all is under the first again."""
    old, new = environment(postgres.url)["DATA_KEYS"], make_key()
    yield old, new
    back = rotating(postgres, f"{old},{new}")
    back.communicate()
    assert back.returncode == 0


@pytest.mark.long
def test_keys_change_while_somebody_saves_and_the_command_is_killed(
    postgres: Postgres, keys: tuple[str, str]
) -> None:
    old, new = keys
    case_id = seed_cases(postgres.url, CASES)[0]
    seed_letters(postgres.url)
    server = Gunicorn(postgres.url, DATA_KEYS=f"{new},{old}")
    stopped = Event()

    try:
        with ThreadPoolExecutor(1) as pool:
            saving = pool.submit(save_until, stopped, Saver(signed_in(server.port), case_id))
            killed = rotating(postgres, f"{new},{old}")
            first_table = killed.stdout.readline() if killed.stdout else ""
            killed.kill()
            rest_of_it, _ = killed.communicate()
            finished = rotating(postgres, f"{new},{old}")
            said, _ = finished.communicate()
            stopped.set()
            acknowledged = saving.result()
    finally:
        stopped.set()
        server.stop()

    assert first_table
    assert "values are now under" not in rest_of_it
    assert finished.returncode == 0
    assert "The other keys can be taken out of DATA_KEYS." in said
    assert postgres.ask(STORED, case_id) == acknowledged[-1]
    alone = read_keys((new,))
    names = [alone.decrypt(token.encode()) for token in postgres.ask(NAMES).split()]
    letters = [alone.decrypt(bytes(token)) for token in postgres.ask(LETTERS)]
    assert len(names) >= CASES
    assert letters
    assert all(one.startswith(b"%PDF-") for one in letters)
