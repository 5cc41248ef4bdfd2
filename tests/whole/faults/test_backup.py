"""A backup is encrypted, comes back whole into an empty database, and is checked there."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from kapnet.core.encryption.keys import make_key
from script.measure.server import ROOT, environment
from tests.whole.faults.processes import Postgres

pytestmark = [pytest.mark.faults, pytest.mark.slow]
COUNTED = ("decisions_case", "decisions_answer", "letters_letter", "letters_seal", "audit_event")


def run(
    script: str, file: Path, url: str, passphrase: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    variables = {**environment(url), "BACKUP_PASSPHRASE_FILE": str(passphrase), **more}
    command = [f"script/{script}", str(file)]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        connection.execute("SET kapnet.clinic = '*'")
        found = {}
        for table in COUNTED:
            statement = f"SELECT count(*) FROM {table}"  # noqa: S608 - names from above
            row = connection.execute(statement.encode()).fetchone()
            found[table] = row[0] if row else 0
    return found


@pytest.fixture
def empty(postgres: Postgres) -> str:
    """The address of an empty database beside the other."""
    with psycopg.connect(postgres.url_of_superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS again")
        connection.execute("CREATE DATABASE again OWNER kapnet")
    return f"{postgres.url.rpartition('/')[0]}/again"


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    """A file with a passphrase."""
    file = tmp_path / "passphrase"
    file.write_text(os.urandom(16).hex())
    return file


@pytest.mark.usefixtures("draft")
def test_f20_s52_backup_is_unreadable_comes_back_whole_and_is_verified(
    postgres: Postgres, case_id: str, empty: str, passphrase: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kapnet.gpg"

    made = run("backup", file, postgres.url, passphrase)
    back = run("restore", file, empty, passphrase)

    assert made.returncode == 0, made.stderr
    assert back.returncode == 0, back.stderr
    assert b"Measured" not in file.read_bytes()
    assert "keep a copy elsewhere" in made.stdout
    assert file.stat().st_mode & 0o077 == 0
    assert "Nothing was changed, removed, inserted or moved." in back.stdout
    assert counts(empty) == counts(postgres.url)
    assert counts(empty)["decisions_case"] > 0
    with psycopg.connect(empty) as connection, pytest.raises(psycopg.Error):
        connection.execute("DELETE FROM audit_event")


SECRET = "FAKE-OWNER-PASSWORD"


class Watching:
    """Reads the arguments of every program of the machine, again and again, as `ps` does."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.times = 0
        self._over = Event()
        self._thread = Thread(target=self._watch)

    def __enter__(self) -> Watching:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.times += 1
            for place in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    self.seen.add(place.read_bytes().replace(b"\0", b" ").decode(errors="replace"))


@pytest.mark.long
def test_backup_and_restore_show_no_password_to_ps(
    postgres: Postgres, case_id: str, empty: str, passphrase: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kapnet.gpg"
    owner, again = (one.replace("kapnet@", f"kapnet:{SECRET}@") for one in (postgres.url, empty))

    with Watching() as watching:
        made = run("backup", file, owner, passphrase)
        back = run("restore", file, again, passphrase)

    assert made.returncode == 0, made.stderr
    assert back.returncode == 0, back.stderr
    assert watching.times > 10
    assert any("pg_dump" in one for one in watching.seen)
    assert any("pg_restore" in one for one in watching.seen)
    assert not [one for one in watching.seen if SECRET in one]


@pytest.mark.long
def test_restore_without_the_keys_of_the_rows_says_so(
    postgres: Postgres, case_id: str, empty: str, passphrase: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kapnet.gpg"
    run("backup", file, postgres.url, passphrase)

    back = run("restore", file, empty, passphrase, DATA_KEYS=make_key())

    assert back.returncode == 1
    assert "set the DATA_KEYS that they were written with" in back.stderr


@pytest.mark.long
def test_backup_that_is_damaged_or_of_another_passphrase_changes_nothing(
    postgres: Postgres, empty: str, passphrase: Path, tmp_path: Path
) -> None:
    file, other = tmp_path / "kapnet.gpg", tmp_path / "other"
    other.write_text("another")
    run("backup", file, postgres.url, passphrase)
    spoiled = bytearray(file.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    (tmp_path / "spoiled.gpg").write_bytes(spoiled)

    answers = [
        run("restore", file, empty, other),
        run("restore", tmp_path / "spoiled.gpg", empty, passphrase),
    ]
    onto_another = run("restore", file, postgres.url, passphrase)

    for answer in answers:
        assert answer.returncode == 1
        assert "cannot be decrypted" in answer.stderr
    assert "Restore into an empty one" in onto_another.stderr
    with psycopg.connect(empty) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert row.fetchone() == (0,)
