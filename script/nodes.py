"""One node of a cluster on this machine: Patroni and its PostgreSQL, on free ports of 127.0.0.1."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Protocol

import psycopg

from script.measure.server import HOST, free_port

PATIENCE = 120.0
SUPERUSER = 0


def wait_for(happened: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """The seconds that it took. Raises TimeoutError."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        with suppress(OSError, psycopg.Error, ValueError):
            if happened():
                return time.monotonic() - started
        time.sleep(0.1)
    raise TimeoutError(f"Not within {seconds:.0f} s: {what}")


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that run."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def send(sent: signal.Signals, *processes: int) -> None:
    """Send a signal to each of them that still runs."""
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, sent)


class Home(Protocol):
    """The cluster of a node."""

    folder: Path
    password: str

    def run(self, name: str, *command: str) -> subprocess.Popen[bytes]: ...


class Node:
    """One of the machines: Patroni and its PostgreSQL."""

    def __init__(self, cluster: Home, name: str) -> None:
        self.name = name
        self.port, self.rest = free_port(), free_port()
        self._cluster = cluster
        self._folder = cluster.folder / name
        self._patroni: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Path:
        """The file that Patroni and patronictl read."""
        return self._cluster.folder / f"{self.name}.yml"

    def start(self) -> None:
        """Start it, again where it was killed: it comes back as a standby."""
        self._folder.mkdir(exist_ok=True)
        self._folder.chmod(0o700)
        if os.getuid() == SUPERUSER:
            shutil.chown(self._folder, "postgres", "postgres")
        self._patroni = self._cluster.run(f"patroni-{self.name}", "patroni", str(self.settings))

    def ask(self, path: str = "/patroni") -> dict[str, Any]:
        """What Patroni says of itself, or of the cluster. Raises OSError."""
        connection = HTTPConnection(HOST, self.rest, timeout=3)
        try:
            connection.request("GET", path)
            told: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return told

    def tell(self, method: str, path: str, what: dict[str, Any]) -> str:
        """Let Patroni do something. Raises OSError where it does not."""
        connection = HTTPConnection(HOST, self.rest, timeout=60)
        secret = b64encode(f"patroni:{self._cluster.password}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {secret}"}
        try:
            connection.request(method, path, json.dumps(what), headers)
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        finally:
            connection.close()
        if answer.status >= 300:
            raise OSError(f"{path} answered {answer.status}: {said}")
        return said

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of the superuser to this very node."""
        url = f"postgresql://postgres:{self._cluster.password}@{HOST}:{self.port}/{database}"
        return psycopg.connect(url, autocommit=True, connect_timeout=3)

    def value(self, sql: str, database: str = "postgres") -> Any:
        """The first value of the first row, asked on this node."""
        with self.connect(database) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None

    def process(self, title: str) -> int:
        """One of PostgreSQL's own processes, as walreceiver. Raises LookupError."""
        for one in children_of(self._postmaster()):
            with suppress(OSError):
                if title in Path(f"/proc/{one}/cmdline").read_text():
                    return one
        raise LookupError(f"{self.name} has no {title}")

    def kill_machine(self) -> None:
        """End Patroni and PostgreSQL as a power cut would, without a word to anybody."""
        postmaster = self._postmaster()
        patroni = [self._patroni.pid] if self._patroni else []
        send(signal.SIGKILL, *patroni, postmaster, *children_of(postmaster))
        if self._patroni:
            self._patroni.wait()

    def stop(self) -> None:
        """End it at once: nothing of it is kept, and the last primary would wait for a standby."""
        if self._patroni is not None:
            self._patroni.kill()
            self._patroni.wait()
        with suppress(OSError, ValueError):
            postmaster = self._postmaster()
            send(signal.SIGKILL, postmaster, *children_of(postmaster))

    def _postmaster(self) -> int:
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
