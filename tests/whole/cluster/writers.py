"""Who writes while a cluster is broken, and what was acknowledged to them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg

from script.measure.server import ROOT, environment
from script.nodes import wait_for
from script.three_nodes import Cluster

TABLE = "CREATE TABLE IF NOT EXISTS written (writer text, number int, PRIMARY KEY (writer, number))"
TRIED = """SELECT reference::int FROM audit_event
WHERE case_id = %s AND action = 'answer.saved' AND reference ~ '^[0-9]+$'"""
A_FEW = 5


class Writer:
    """Writes numbers, each in a commit of its own, for as long as a block runs.

    Lost is what was acknowledged and is not there afterwards.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[int] = []
        self.failed = 0
        self._times: list[float] = []
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no further number; one that is on its way is waited for."""
        self._stops.set()
        self._thread.join(timeout=60)
        self._times.append(time.monotonic())

    @property
    def pause(self) -> float:
        """The longest time in seconds in which nothing was acknowledged."""
        pairs = zip(self._times, self._times[1:], strict=False)
        return max((later - earlier for earlier, later in pairs), default=0.0)

    def lost(self, cluster: Cluster) -> list[int]:
        """Which of the acknowledged numbers the primary of now does not have."""
        raise NotImplementedError

    def _run(self) -> None:
        raise NotImplementedError

    def _note(self, number: int) -> None:
        self.acknowledged.append(number)
        self._times.append(time.monotonic())


class PlainWriter(Writer):
    """One row a commit, by the driver alone. It opens a new connection when one fails."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name)
        self._url = url
        self._numbers = count()

    def lost(self, cluster: Cluster) -> list[int]:
        sql = "SELECT number FROM written WHERE writer = %s"
        return _missing(cluster, sql, self.name, self.acknowledged)

    def _run(self) -> None:
        while not self._stops.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=3) as connection:
                    self._write(connection)
            except psycopg.Error:
                self.failed += 1
                time.sleep(0.1)

    def _write(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stops.is_set():
            number = next(self._numbers)
            connection.execute("INSERT INTO written VALUES (%s, %s)", [self.name, number])
            self._note(number)
            time.sleep(0.02)


class Product(Writer):
    """The product's own save, in a process with its pool of connections."""

    def __init__(self, name: str, url: str, case_id: str) -> None:
        super().__init__(name)
        self._url, self._case_id = url, case_id

    def lost(self, cluster: Cluster) -> list[int]:
        return _missing(cluster, TRIED, self._case_id, self.acknowledged)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.whole.cluster.saving", self._case_id],
            cwd=ROOT,
            env=environment(self._url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        super().start()

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        finally:
            self._process.kill()
            super().stop()

    def _run(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            what, number, *_ = line.split()
            if what == "saved":
                self._note(int(number))
            else:
                self.failed += 1


def _missing(cluster: Cluster, sql: str, whose: str, numbers: list[int]) -> list[int]:
    with cluster.primary().connect("kapnet") as connection:
        there = {number for (number,) in connection.execute(sql.encode(), [whose]).fetchall()}
    return [one for one in numbers if one not in there]


@contextmanager
def at_work(cluster: Cluster, case_ids: list[str]) -> Iterator[list[Writer]]:
    """Two plain writers and two of the product, each by HAProxy and by the driver's own search."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(TABLE.encode())
    run = f"{time.monotonic():.0f}"
    writers: list[Writer] = [
        PlainWriter(f"plain, HAProxy {run}", cluster.url),
        PlainWriter(f"plain, all nodes {run}", cluster.url_of_all),
        Product("product, HAProxy", cluster.url, case_ids[0]),
        Product("product, all nodes", cluster.url_of_all, case_ids[1]),
    ]
    for one in writers:
        one.start()
    try:
        all_go_on(writers)
        yield writers
    finally:
        for one in writers:
            one.stop()


def all_go_on(writers: list[Writer]) -> None:
    """Each of them has a few more numbers acknowledged."""
    before = [len(one.acknowledged) for one in writers]
    wait_for(
        lambda: all(
            len(one.acknowledged) >= earlier + A_FEW
            for one, earlier in zip(writers, before, strict=True)
        ),
        "everybody writes on",
    )
