"""Many people at once: therapists who answer, staff who export, and nothing lost.

Everybody has an account, a session and a connection of their own, and waits between two acts as a
quick person would. At the end every case is read back and held against the last answer that its
server acknowledged.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPException
from pathlib import Path
from typing import Any

import django
import psycopg

django.setup()

from kapnet.core.people.demo import DEMO_PASSWORD  # noqa: E402 - Django first
from script.measure.builds import Build, builds  # noqa: E402
from script.measure.server import Client, gunicorn  # noqa: E402
from script.measure.web import Saver  # noqa: E402

REPORT = Path(__file__).parents[2] / "docs" / "load.md"
P99_LIMIT = 4.0
"""The slowest hundredth of the saves, as a multiple of the median."""

MEDIAN_LIMIT = 0.6
"""The median of the saves, in times of that of the build before the databases were squashed."""

Line = tuple[str, str, str, bool | None]
"""What was measured, its number, the target, and whether it is met."""

STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"
HEAD = """# Load

Written by `script/load`. {therapists} therapists each answer a question of a case of their
own, and {staff} members of staff each export signed letters, for {seconds} s, with {think} s
between two acts on average. gunicorn with 2 workers of 4 threads and PostgreSQL with its
safeguards on run on the same machine as the people. Machines are often shared: read the ratio,
not the milliseconds.{beside}

Last run: {day}, Python {python}, {cores} cores.

| measured | value | target | |
|---|---|---|---|
"""

BESIDE = """ The build beside it is the tag `before-squash`, with its own environment, server and
database; the two take turns of {turn} s, so that both see the same machine."""


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
            except (OSError, HTTPException) as error:
                self.errors.append(f"{type(error).__name__}: {error}")
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


@dataclass(frozen=True)
class Crew:
    """Everybody who works with one build at the same time: savers by their case, exporters."""

    build: Build
    clients: list[Client]
    savers: dict[str, Person]
    exporters: list[Person]

    def work(self, seconds: float) -> None:
        """All of them, for so long."""
        for client in self.clients:
            client.hang_up()  # the server hung up on whoever waited for long
        until = time.monotonic() + seconds
        people = (*self.savers.values(), *self.exporters)
        with ThreadPoolExecutor(len(people)) as pool:
            for done in [pool.submit(person.work, until) for person in people]:
                done.result()

    @property
    def saves(self) -> list[float]:
        """How long each save took, the quickest first."""
        return sorted(one for person in self.savers.values() for one in person.took)

    @property
    def exports(self) -> list[float]:
        """The same of the exports."""
        return sorted(one for person in self.exporters for one in person.took)

    @property
    def errors(self) -> list[str]:
        """What went wrong."""
        return [one for person in (*self.savers.values(), *self.exporters) for one in person.errors]

    @property
    def lost(self) -> list[str]:
        """Cases whose stored answer is not the last one that was acknowledged."""
        with psycopg.connect(self.build.database_url) as connection:
            connection.execute("SET kapnet.clinic = '*'")
            rows = {case: connection.execute(STORED, [case]).fetchone() for case in self.savers}
        return [
            case
            for case, person in self.savers.items()
            if person.last is not None and rows[case] != (person.last,)
        ]


def run(all_builds: list[Build], *, asked: argparse.Namespace) -> int:
    """Run it and write the report; the exit status: 1 when a target was missed.

    Builds take turns of a few seconds, so that both see the same machine.
    """
    seeded = [_seeded(build, asked) for build in all_builds]
    with ExitStack() as servers:
        crews = [
            _crew(build, who, servers, asked) for build, who in zip(all_builds, seeded, strict=True)
        ]
        turns = math.ceil(asked.seconds / asked.turn) if len(crews) > 1 else 1
        for _ in range(turns):
            for crew in crews:
                crew.work(asked.seconds / turns)
    return _report(crews, asked)


def _seeded(build: Build, asked: argparse.Namespace) -> dict[str, Any]:
    build.prepare()
    return build.seed_load(asked.therapists, asked.staff)


def _crew(
    build: Build, seeded: dict[str, Any], servers: ExitStack, asked: argparse.Namespace
) -> Crew:
    """People who are signed in to a server of this build."""
    port = servers.enter_context(
        gunicorn(build.database_url, workers=2, threads=4, folder=build.folder)
    )
    clients = [_signed_in(port, place, email) for place, email in enumerate(_people(seeded))]
    each = iter(clients)
    savers = {
        case: Person(Saver(next(each), case).save, asked.think)
        for case in seeded["therapists"].values()
    }
    exporters = [
        Person(Exporter(next(each), seeded["letters"]).export, asked.think) for _ in seeded["staff"]
    ]
    return Crew(build, clients, savers, exporters)


def _people(seeded: dict[str, list[str]]) -> list[str]:
    return [*seeded["therapists"], *seeded["staff"]]


def _signed_in(port: int, place: int, email: str) -> Client:
    """A client at an address of its own: sign-ins are limited by address."""
    client = Client(port, source=f"127.0.1.{place + 1}")
    client.sign_in(email, DEMO_PASSWORD)
    return client


def _rows(crew: Crew) -> Iterator[Line]:
    """What is said of one build."""
    saves, errors, lost = crew.saves, crew.errors, crew.lost
    if not (saves and crew.exports):
        raise SystemExit(f"Nothing was saved or exported: {'; '.join(errors[:5])}")
    median, slowest = statistics.median(saves), saves[int(len(saves) * 0.99)]
    whose = "" if crew.build.is_this_one else "the build beside it: "
    yield f"{whose}saves", f"{len(saves)}", "", None
    yield f"{whose}exports", f"{len(crew.exports)}", "", None
    yield f"{whose}save, median", f"{median * 1000:.0f} ms", "", None
    yield f"{whose}save, 99th of 100", f"{slowest * 1000:.0f} ms", "", None
    yield f"{whose}export, median", f"{statistics.median(crew.exports) * 1000:.0f} ms", "", None
    if crew.build.is_this_one:
        yield "errors", f"{len(errors)}", "0", not errors
        yield "lost answers", f"{len(lost)}", "0", not lost
        yield _limited("save, 99th of 100, in medians", slowest / median, P99_LIMIT)
    else:
        yield f"{whose}errors", f"{len(errors)}", "", None


def _limited(what: str, value: float, limit: float) -> Line:
    return what, f"{value:.2f}", f"at most {limit:g}", value <= limit


def _report(crews: list[Crew], asked: argparse.Namespace) -> int:
    rows = [row for crew in crews for row in _rows(crew)]
    if len(crews) > 1:
        this, other = (statistics.median(crew.saves) for crew in crews)
        what = "save, median, in times of the build beside it"
        rows.append(_limited(what, this / other, MEDIAN_LIMIT))
    verdicts = {True: "met", False: "**missed**", None: ""}
    table = "".join(
        f"| {what} | {value} | {goal} | {verdicts[met]} |\n" for what, value, goal, met in rows
    )
    head = HEAD.format(
        therapists=asked.therapists,
        staff=asked.staff,
        seconds=f"{asked.seconds:g}",
        think=f"{asked.think:g}",
        beside=BESIDE.format(turn=f"{asked.turn:g}") if len(crews) > 1 else "",
        day=date.today().isoformat(),  # noqa: DTZ011 - the reader's own day
        python=platform.python_version(),
        cores=os.cpu_count(),
    )
    print(table)
    for one in [error for crew in crews for error in crew.errors][:5]:
        print(one)
    REPORT.write_text(head + table)
    return int(any(met is False for *_, met in rows))


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    parser.add_argument("--seconds", type=float, default=180, help="of work with each build")
    parser.add_argument("--therapists", type=int, default=50)
    parser.add_argument("--staff", type=int, default=5)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds between two acts")
    parser.add_argument("--beside", type=Path, help="another checkout, set up, to take turns with")
    parser.add_argument("--turn", type=float, default=15, help="seconds of a turn of each build")
    asked = parser.parse_args()
    return run(builds(asked.database_url, asked.beside), asked=asked)


if __name__ == "__main__":
    sys.exit(main())
