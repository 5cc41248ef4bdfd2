"""How many events a second 8 connections append for 8 clinics, beside an earlier build.

python -m script.measure.appending CHECKOUT_BEFORE [--rounds 5] [--seconds 4] [--hold 5]

One PostgreSQL with all its safeguards, and a standby that each commit waits for. What the standby
is sent is held back by some milliseconds, as a wire to another house would. The triggers of both
builds are in two databases of that one server, and are measured in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from script.measure.server import HOST, ROOT, environment, free_port

WRITERS = 8
APPEND = (
    "INSERT INTO audit_event "
    "(at, clinic_id, action, object_type, object_id, outcome, reason, reference) "
    "VALUES (now(), %s, 'case.read', 'case', '', 'done', '', '')"
)
COUNTS = ("SELECT count(*) FROM audit_event", "SELECT count(*) FROM audit_link")
MAKE_CLINICS = (
    "from kapnet.core.people.models import Clinic\n"
    f"for number in range({WRITERS}): print(Clinic.objects.create(name=f'Clinic {{number}}').pk)"
)
STANDBY = """
cd "$scratch"
as_postgres "$(postgresql_folder)/pg_basebackup" -h {host} -p {primary} -U postgres -c fast \
  -D cluster/standby
as_postgres touch cluster/standby/standby.signal
echo "primary_conninfo = 'host={host} port={proxy} user=postgres'" \
  >> cluster/standby/postgresql.auto.conf
as_postgres "$(postgresql_folder)/pg_ctl" -D cluster/standby -l cluster/log-standby -w \
  -o "-h {host} -p {standby} -k $scratch/cluster" start
"""
STOP = 'as_postgres "$(postgresql_folder)/pg_ctl" -D "$scratch/cluster/standby" -m immediate stop'


# The wire to the standby


def hold_back(port: int, primary: int, seconds: float) -> None:
    """Pass on what comes in at a port; what the primary sends waits this long first."""
    asyncio.run(_listen(port, primary, seconds))


async def _listen(port: int, primary: int, seconds: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_primary = await asyncio.open_connection(HOST, primary)
        await asyncio.gather(_pass(reader, to_primary, 0), _pass(there, writer, seconds))

    server = await asyncio.start_server(connected, HOST, port)
    await server.serve_forever()


async def _pass(source: asyncio.StreamReader, to: asyncio.StreamWriter, seconds: float) -> None:
    """Each piece waits by itself, so that many are under way at once."""
    loop = asyncio.get_running_loop()
    while piece := await source.read(65_536):
        if seconds:
            loop.call_later(seconds, to.write, piece)
        else:
            to.write(piece)
    to.close()


# The servers


class Cluster:
    """A primary, and a standby behind the wire."""

    def __init__(self, hold: float) -> None:
        self._scratch = tempfile.mkdtemp()
        self.url = self._run('start_postgresql && echo "$postgresql_url"')
        primary, proxy = int(self.url.rpartition(":")[2].partition("/")[0]), free_port()
        self._wire = multiprocessing.Process(
            target=hold_back, args=(proxy, primary, hold), daemon=True
        )
        self._wire.start()
        ports = {"primary": primary, "proxy": proxy, "standby": free_port()}
        self._run(STANDBY.format(host=HOST, **ports))

    def wait_for_the_standby(self) -> None:
        """From here on a commit waits until the standby has it on its disk."""
        with psycopg.connect(self._of_superuser(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")
            state = "SELECT sync_state FROM pg_stat_replication"
            while connection.execute(state).fetchone() != ("sync",):
                time.sleep(0.2)

    def database(self, name: str) -> str:
        """The address of a new database."""
        with psycopg.connect(self._of_superuser(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER kapnet".encode())
        return self.url.rpartition("/")[0] + f"/{name}"

    def _of_superuser(self) -> str:
        return self.url.replace("kapnet@", "postgres@", 1)

    def stop(self) -> None:
        """End both and remove their files."""
        self._run(f"{STOP}; stop_postgresql")
        self._wire.terminate()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _run(self, script: str) -> str:
        whole = f'. script/_postgresql; scratch="{self._scratch}"; {script}'
        done = subprocess.run(  # noqa: S603
            ["/bin/bash", "-c", whole], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout.strip().rpartition("\n")[2]


# A build


class Build:
    """The triggers of a checkout, in a database with a clinic for each writer."""

    def __init__(self, checkout: Path, url: str) -> None:
        self._checkout, self._url = checkout, url
        for app in ("clinics", "audit"):
            self.manage("migrate", app, "-v0")
        self._clinics = self.manage("shell", "-v0", "-c", MAKE_CLINICS).split()[-WRITERS:]

    def manage(self, *words: str) -> str:
        """What a command of this checkout says."""
        of_checkout = {
            "PYTHONPATH": str(self._checkout),
            "DJANGO_SETTINGS_MODULE": "kapnet.settings",
        }
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *words],
            cwd=self._checkout,
            env=environment(self._url) | of_checkout,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def check(self) -> None:
        """Each event has its link. Raises ValueError."""
        with psycopg.connect(self._url) as connection:
            counts = {connection.execute(one).fetchone() for one in COUNTS}
        if len(counts) != 1:
            raise ValueError(counts)

    def appended_a_second(self, seconds: float) -> float:
        """Events that all writers together append, each of its own clinic."""
        counts: list[int] = []
        together = threading.Barrier(WRITERS)

        def write(clinic: str) -> None:
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute(APPEND, [clinic])
                together.wait()
                count, ends = 0, time.monotonic() + seconds
                while time.monotonic() < ends:
                    connection.execute(APPEND, [clinic])
                    count += 1
                counts.append(count)

        threads = [threading.Thread(target=write, args=(one,)) for one in self._clinics]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / seconds


def measure(before: Path, *, rounds: int, seconds: float, hold: float) -> float:
    """The median of the ratios within a round."""
    cluster = Cluster(hold)
    try:
        builds = [
            Build(checkout, cluster.database(name))
            for checkout, name in ((before, "earlier"), (ROOT, "this_one"))
        ]
        cluster.wait_for_the_standby()
        return statistics.median(_rounds(builds, rounds, seconds))
    finally:
        cluster.stop()


def _rounds(builds: list[Build], rounds: int, seconds: float) -> list[float]:
    ratios = []
    for number in range(rounds):
        in_turn: Callable[[list[Build]], list[Build]] = list if number % 2 else _reversed
        rates = {one: one.appended_a_second(seconds) for one in in_turn(builds)}
        earlier, now = (rates[one] for one in builds)
        ratios.append(now / earlier)
        print(f"{earlier:8.0f} before  {now:8.0f} now  {now / earlier:5.2f} times", flush=True)
    for build in builds:
        build.check()
    return ratios


def _reversed(builds: list[Build]) -> list[Build]:
    return builds[::-1]


def main() -> None:
    """Print events a second of both, round by round, and the median ratio."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("before", type=Path, help="a checkout of the earlier build")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=4)
    asked.add_argument("--hold", type=float, default=5, help="milliseconds")
    said = asked.parse_args()
    ratio = measure(
        said.before.resolve(), rounds=said.rounds, seconds=said.seconds, hold=said.hold / 1000
    )
    print(f"median: {ratio:.2f} times as many events a second")


if __name__ == "__main__":
    main()
