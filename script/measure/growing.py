"""What a page costs at 100,000 cases, in times of the same page at 1,000, both in one run.

    python -m script.measure.growing POSTGRESQL_URL [CASES]

CPU time of the server and of its PostgreSQL backends, from /proc; the databases are two in one
cluster. The demo clinic has a fifth of the cases, its therapist fifty.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import django
import psycopg

django.setup()

from kapnet.core.people.demo import DEMO_PASSWORD  # noqa: E402 - Django first
from script.measure.rounds import ROUNDS, Row  # noqa: E402
from script.measure.server import (  # noqa: E402
    ROOT,
    Client,
    Server,
    environment,
    gunicorn_with_pid,
    prepare,
)
from script.measure.web import Saver, seed_cases  # noqa: E402

FEW, MANY = 1_000, 100_000
REQUESTS = 8
"""Requests of each page in a round."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Page:
    """What is asked for, by whom, and how many times the few it may cost at the many."""

    what: str
    limit: float
    ask: Callable[[Site], object]


class Site:
    """A server with its database and two people who are signed in."""

    def __init__(
        self, server: Server, database_url: str, seeded: dict[str, str], case_id: str
    ) -> None:
        self.therapist, self.staff = Client(server.port), Client(server.port)
        self.therapist.sign_in("therapist@demo.example", DEMO_PASSWORD)
        self.staff.sign_in("staff@demo.example", DEMO_PASSWORD)
        self.case = f"/cases/{case_id}/"
        self.saver = Saver(self.therapist, case_id)
        self.seeded = seeded
        self._url, self._server = database_url, server

    def hang_up(self) -> None:
        """End both connections, which the server may have ended while the other was measured."""
        for client in (self.therapist, self.staff):
            client.hang_up()

    def search(self, client: Client, path: str, words: str) -> None:
        """Search as the form does: posted, then the list of what was found."""
        token = client.token_of(client.get(path))
        client.post(path, {"csrfmiddlewaretoken": token, "q": words, "whose": "clinic"})
        if not client.location:
            raise OSError(f"{path} answered a search without an address")
        client.get(client.location)

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU so far, of the server's processes and of its database's."""
        return {"Python": _cpu(_processes(self._server)), "PostgreSQL": _cpu(_backends(self._url))}


PAGES = (
    Page("case page", 1.1, lambda site: site.therapist.get(site.case)),
    Page("save one answer", 1.1, lambda site: site.saver.save()),
    Page("decision page", 1.1, lambda site: site.therapist.get(f"{site.case}decision/")),
    Page("own cases", 1.2, lambda site: site.therapist.get("/cases/")),
    Page("cases of the clinic", 1.3, lambda site: site.therapist.get("/cases/?whose=clinic")),
    Page(
        "cases, a name",
        1.3,
        lambda site: site.search(site.therapist, "/cases/", site.seeded["name"]),
    ),
    Page("desk queue", 1.2, lambda site: site.staff.get("/letters/")),
    Page(
        "desk, a name", 1.3, lambda site: site.search(site.staff, "/letters/", site.seeded["name"])
    ),
    Page(
        "desk, a number",
        1.3,
        lambda site: site.search(site.staff, "/letters/", site.seeded["letter"]),
    ),
)


def measure_growing(database_url: str, many: int = MANY) -> list[Row]:
    """A row a page: the ratio of all CPU, with milliseconds of both parts at both sizes."""
    urls = [_database(database_url, name) for name in ("grown_few", "grown_many")]
    seeded = [_seed(url, cases) for url, cases in zip(urls, (FEW, many), strict=True)]
    with (
        gunicorn_with_pid(urls[0], workers=1, threads=4) as first,
        gunicorn_with_pid(urls[1], workers=1, threads=4) as second,
    ):
        few, most = (
            Site(server, url, *one)
            for server, url, one in zip((first, second), urls, seeded, strict=True)
        )
        return [_measured(page, few, most, many) for page in PAGES]


def _measured(page: Page, few: Site, most: Site, many: int) -> Row:
    rounds = [(_cost(page, few), _cost(page, most)) for _ in range(ROUNDS + 1)][1:]
    value = median(sum(after.values()) / sum(before.values()) for before, after in rounds)
    parts = " to ".join(
        "+".join(f"{1000 * median(one[at][part] for one in rounds):.1f}" for part in rounds[0][0])
        for at in (0, 1)
    )
    return Row(
        f"{page.what}, {many:,} cases in times of {FEW:,} (ms of Python+PostgreSQL: {parts})",
        f"{value:.2f}",
        f"at most {page.limit:g}",
        value <= page.limit,
    )


def _cost(page: Page, site: Site) -> dict[str, float]:
    """Seconds of CPU that one request takes, by part."""
    site.hang_up()
    before = site.cpu()
    for _ in range(REQUESTS):
        page.ask(site)
    after = site.cpu()
    return {part: (after[part] - before[part]) / REQUESTS for part in after}


def _database(database_url: str, name: str) -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{database_url.rpartition('/')[0]}/{name}"


def _seed(database_url: str, cases: int) -> tuple[dict[str, str], str]:
    """What seed_many says, and the id of a case with all its answers."""
    prepare(database_url)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "script.measure.seed_many", str(cases)],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    (case_id,) = seed_cases(database_url, 1)
    with psycopg.connect(database_url.replace("kapnet@", "postgres@"), autocommit=True) as one:
        one.execute("VACUUM ANALYZE")
    return json.loads(done.stdout), case_id


def _backends(database_url: str) -> list[int]:
    name = database_url.rpartition("/")[2]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )
        return [pid for (pid,) in rows.fetchall()]


def _processes(server: Server) -> list[int]:
    """The server's first process and its workers."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [server.pid, *map(int, children.split())]


def _cpu(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


if __name__ == "__main__":
    for row in measure_growing(sys.argv[1], *map(int, sys.argv[2:])):
        sys.stdout.write(f"{row.what}: {row.value}, {row.target}\n")
