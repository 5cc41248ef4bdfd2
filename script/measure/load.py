"""Many people at once: therapists who answer, staff who export, and nothing lost.

Everybody has an account, a session and a connection of their own, and waits between two acts as a
quick person would. At the end every case is read back and held against the last answer that its
server acknowledged.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import django
import psycopg

django.setup()

from kapnet.core.people.demo import DEMO_PASSWORD  # noqa: E402 - Django first
from script.measure.server import ROOT, Client, environment, gunicorn, prepare  # noqa: E402
from script.measure.web import Saver  # noqa: E402

REPORT = Path(__file__).parents[2] / "docs" / "load.md"
P99_LIMIT = 5.0
"""The slowest hundredth of the saves, as a multiple of the median."""

STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"
HEAD = """# Load

Written by `script/load`. {therapists} therapists each answer a question of a case of their
own, and {staff} members of staff each export signed letters, for {seconds} s, with {think} s
between two acts on average. gunicorn with 2 workers of 4 threads and PostgreSQL with its
safeguards on run on the same machine as the people. Machines are often shared: read the ratio,
not the milliseconds.

Last run: {day}, Python {python}, {cores} cores.

| measured | value | target | |
|---|---|---|---|
"""


@dataclass
class Person:
    """One person at work: how long each act took in seconds, and what went wrong."""

    act: Callable[[], object]
    think: float
    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    last: object = None

    def work(self, until: float) -> None:
        """Act, wait, act again, until the end."""
        time.sleep(random.uniform(0, self.think))  # noqa: S311 - nothing secret
        while time.monotonic() < until:
            started = time.monotonic()
            try:
                self.last = self.act()
                self.took.append(time.monotonic() - started)
            except OSError as error:
                self.errors.append(str(error))
            time.sleep(random.uniform(0, 2 * self.think))  # noqa: S311


@dataclass(frozen=True)
class Exporter:
    """A member of staff who downloads one signed letter after another."""

    client: Client
    letters: list[str]

    def export(self) -> None:
        """Take one letter along, as the button of the desk does."""
        letter = random.choice(self.letters)  # noqa: S311
        page = self.client.get(f"/letters/{letter}/desk/")
        fields = {"csrfmiddlewaretoken": self.client.token_of(page)}
        self.client.download(f"/letters/{letter}/export/", fields)


def run(database_url: str, *, seconds: float, therapists: int, staff: int, think: float) -> int:
    """Run it and write the report; the exit status: 1 when a target was missed."""
    prepare(database_url)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "script.measure.seed_load", str(therapists), str(staff)],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        capture_output=True,
        text=True,
    )
    seeded = json.loads(done.stdout)
    with gunicorn(database_url, workers=2, threads=4) as port:
        clients = (_signed_in(port, place, email) for place, email in enumerate(_people(seeded)))
        savers = {
            case: Person(Saver(next(clients), case).save, think)
            for case in seeded["therapists"].values()
        }
        exporters = [
            Person(Exporter(next(clients), seeded["letters"]).export, think)
            for _ in seeded["staff"]
        ]
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(therapists + staff) as pool:
            for person in (*savers.values(), *exporters):
                pool.submit(person.work, until)
    lost = _lost(database_url, savers)
    return _report(list(savers.values()), exporters, lost, seconds=seconds, think=think)


def _people(seeded: dict[str, list[str]]) -> list[str]:
    return [*seeded["therapists"], *seeded["staff"]]


def _signed_in(port: int, place: int, email: str) -> Client:
    """A client at an address of its own: sign-ins are limited by address."""
    client = Client(port, source=f"127.0.1.{place + 1}")
    client.sign_in(email, DEMO_PASSWORD)
    return client


def _lost(database_url: str, savers: dict[str, Person]) -> list[str]:
    """Cases whose stored answer is not the last one that was acknowledged."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SET kapnet.clinic = '*'")
        rows = {case: connection.execute(STORED, [case]).fetchone() for case in savers}
    return [
        case
        for case, person in savers.items()
        if person.last is not None and rows[case] != (person.last,)
    ]


def _report(
    savers: list[Person], exporters: list[Person], lost: list[str], *, seconds: float, think: float
) -> int:
    saves = sorted(one for person in savers for one in person.took)
    errors = [one for person in (*savers, *exporters) for one in person.errors]
    exports = sorted(one for person in exporters for one in person.took)
    median, slowest = statistics.median(saves), saves[int(len(saves) * 0.99)]
    rows = (
        ("saves", f"{len(saves)}", "", None),
        ("exports", f"{len(exports)}", "", None),
        ("errors", f"{len(errors)}", "0", not errors),
        ("lost answers", f"{len(lost)}", "0", not lost),
        ("save, median", f"{median * 1000:.0f} ms", "", None),
        ("save, 99th of 100", f"{slowest * 1000:.0f} ms", "", None),
        (
            "the two as a ratio",
            f"{slowest / median:.1f}",
            f"at most {P99_LIMIT:g}",
            slowest <= P99_LIMIT * median,
        ),
        ("export, median", f"{statistics.median(exports) * 1000:.0f} ms", "", None),
    )
    verdicts = {True: "met", False: "**missed**", None: ""}
    table = "".join(
        f"| {what} | {value} | {goal} | {verdicts[met]} |\n" for what, value, goal, met in rows
    )
    head = HEAD.format(
        therapists=len(savers),
        staff=len(exporters),
        seconds=f"{seconds:g}",
        think=f"{think:g}",
        day=date.today().isoformat(),  # noqa: DTZ011 - the reader's own day
        python=platform.python_version(),
        cores=os.cpu_count(),
    )
    print(table)
    for one in errors[:5]:
        print(one)
    REPORT.write_text(head + table)
    return int(any(met is False for *_, met in rows))


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--therapists", type=int, default=50)
    parser.add_argument("--staff", type=int, default=5)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds between two acts")
    asked = parser.parse_args()
    return run(
        asked.database_url,
        seconds=asked.seconds,
        therapists=asked.therapists,
        staff=asked.staff,
        think=asked.think,
    )


if __name__ == "__main__":
    sys.exit(main())
