"""A PostgreSQL and a gunicorn of their own, that a test may kill without warning."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from script.measure.server import HOST, ROOT, Client, environment, free_port
from script.nodes import send

PATIENCE = 30.0
"""Seconds within which everything has to work again."""


def wait_until(happened: Callable[[], bool], *, what: str, seconds: float = PATIENCE) -> float:
    """The seconds it took. Raises TimeoutError when it did not happen in time."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if happened():
            return time.monotonic() - started
        time.sleep(0.05)
    raise TimeoutError(f"Not within {seconds:.0f} s: {what}")


class Postgres:
    """A PostgreSQL with its safeguards on, started as script/test starts its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self._scratch = str(folder) if folder else tempfile.mkdtemp()
        self.url = self._script('start_postgresql && echo "$postgresql_url"')

    @property
    def url_of_superuser(self) -> str:
        """For what the app's role may not do, such as to lock the audit log."""
        return self.url.replace("kapnet@", "postgres@", 1)

    @property
    def _log(self) -> Path:
        return Path(self._scratch, "cluster", "log")

    def kill(self) -> None:
        """End it as a power cut would: nothing is written any more."""
        os.kill(int(self._pid_file().read_text().split()[0]), signal.SIGKILL)

    def start_again(self) -> None:
        """Start it on the files that the kill left behind."""
        # Where nothing reaps orphans the killed process still counts as running. Only its lock file
        # goes: backends that outlive it for a moment are still found, and waited for.
        self._pid_file().unlink()
        start = (
            'as_postgres "$(postgresql_folder)/pg_ctl" -D cluster/data -l cluster/log -w restart'
        )
        tries = f"for _ in $(seq 20); do {start} &> /dev/null && exit; sleep 0.5; done; exit 1"
        self._script(f"cd $scratch; {tries}")

    def stop(self) -> None:
        """End it and remove its files."""
        self._script("stop_postgresql")
        shutil.rmtree(self._scratch, ignore_errors=True)

    def copy_of(self, other: Postgres) -> None:
        """Fill the empty database with what is in another one."""
        programs = '"$(postgresql_folder)'
        dump = f'{programs}/pg_dump" --no-sync "{other.url_of_superuser}"'
        self._script(f'{dump} | {programs}/psql" -q -v ON_ERROR_STOP=1 "{self.url_of_superuser}"')

    def end_connections(self) -> None:
        """End those of the app, so that the next ones take up changed settings of its role."""
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'kapnet'"
        with psycopg.connect(self.url_of_superuser) as connection:
            connection.execute(end)

    def ask(self, sql: str, *values: Any) -> Any:
        """The first value of the first row, behind the back of the app."""
        with psycopg.connect(self.url) as connection:
            connection.execute("SET kapnet.clinic = '*'")  # the rows of every clinic
            row = connection.execute(sql.encode(), values).fetchone()
        return row[0] if row else None

    def is_someone_waiting(self) -> bool:
        """Whether a transaction waits for a lock that another one holds."""
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(self.ask(waiting))

    def _pid_file(self) -> Path:
        return self._log.with_name("data") / "postmaster.pid"

    def _script(self, command: str) -> str:
        line = f". script/_postgresql; scratch={self._scratch}; {command}"
        done = subprocess.run(
            ["bash", "-c", line], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()


class Gunicorn:
    """The app as script/server starts it."""

    def __init__(
        self, database_url: str, *, workers: int = 2, root: Path = ROOT, **settings: str
    ) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "kapnet.wsgi", "--preload"]
        command += ["--bind", f"{HOST}:{self.port}", "--workers", str(workers), "--threads", "4"]
        command += ["--worker-class", "gthread", "--no-control-socket", "--log-level", "critical"]
        command += ["--keep-alive", "60"]  # a busy machine takes long between two requests
        self._command, self._root = command, root
        self._environment = {**environment(database_url), "PYTHONPATH": str(root), **settings}
        self.start()

    def start(self, **settings: str) -> None:
        """Start it on its port, again where it was killed. settings: those that differ now."""
        self._environment.update(settings)
        self._master = subprocess.Popen(
            self._command,
            cwd=self._root,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.answers, what="the first page", seconds=4 * PATIENCE)  # a busy machine

    def answers(self) -> bool:
        """Whether the first page comes."""
        try:
            Client(self.port).get("/")
        except OSError:
            return False
        return True

    def kill_workers(self) -> None:
        """Kill every process that answers requests; the master starts others."""
        send(signal.SIGKILL, *self._workers())

    def kill(self) -> None:
        """Kill all of it, as when the power of its machine goes."""
        workers = self._workers()
        self._master.kill()
        self._master.wait(timeout=PATIENCE)
        send(signal.SIGKILL, *workers)

    def stop(self) -> None:
        """End it."""
        self._master.terminate()
        self._master.wait(timeout=PATIENCE)

    def _workers(self) -> list[int]:
        children = Path(f"/proc/{self._master.pid}/task/{self._master.pid}/children")
        return [int(worker) for worker in children.read_text().split()]
