"""What one web worker keeps in memory, over thousands of requests of the usual kinds.

The worker is forked from a server that was loaded before, as script/server does it; by
`gc.freeze()` nothing that was there then is looked at again. A worker that leaks grows on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import django

django.setup()

from script.measure.builds import Build, builds  # noqa: E402 - Django first
from script.measure.server import gunicorn_with_pid  # noqa: E402
from script.measure.web import SECTION, Saver, signed_in  # noqa: E402

CASES = 20
LOOKED_AT = (100, 1_000, 10_000)
"""After how many requests."""
MOST_GROWTH = 6.0
"""MB that a worker may grow from the second look to the last: what its caches have yet to fill."""


@dataclass(frozen=True)
class Memory:
    """Of one process, in MB. resident: as `ps` says it; own: what it shares with no other one;
    proportional: its own, and its share of the rest."""

    resident: float
    own: float
    proportional: float


def memory_of(pid: int) -> Memory:
    """As Linux counts it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {
        name: int(rest.split()[0]) for name, _, rest in (one.partition(":") for one in lines)
    }
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(kilobytes["Rss"] / 1024, own / 1024, kilobytes["Pss"] / 1024)


def look(build: Build, requests: int) -> Iterator[tuple[int, Memory]]:
    """The memory of one worker after some requests, at each look that comes before the last one."""
    build.prepare()
    case_ids = build.seed_cases(CASES)
    with gunicorn_with_pid(
        build.database_url, workers=1, threads=4, folder=build.folder, more=["--preload"]
    ) as server:
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        client = signed_in(server.port)
        savers = [Saver(client, case) for case in case_ids]
        acts = cycle(
            act
            for case, saver in zip(case_ids, savers, strict=True)
            for act in (
                lambda: client.get("/cases/"),
                lambda case=case: client.get(f"/cases/{case}/{SECTION}/"),
                saver.save,
                lambda case=case: client.get(f"/cases/{case}/decision/"),
            )
        )
        for number, act in enumerate(islice(acts, requests), start=1):
            act()
            if number in LOOKED_AT or number == requests:
                yield number, memory_of(int(worker))


def main() -> int:
    """Print a line a look; the exit status: 1 when the worker of this build grew on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    parser.add_argument("--requests", type=int, default=LOOKED_AT[-1])
    parser.add_argument("--beside", type=Path, help="another checkout, set up, to compare with")
    asked = parser.parse_args()
    print("| build | requests | resident | its own | with its share |\n|---|---|---|---|---|")
    has_grown = False
    for build in builds(asked.database_url, asked.beside):
        seen: list[Memory] = []
        for number, memory in look(build, asked.requests):
            seen.append(memory)
            numbers = (memory.resident, memory.own, memory.proportional)
            told = " | ".join(f"{one:.0f} MB" for one in numbers)
            print(
                f"| {'this' if build.is_this_one else 'beside'} | {number} | {told} |", flush=True
            )
        if build.is_this_one and len(seen) > len(LOOKED_AT) - 1:
            has_grown = seen[-1].own - seen[1].own > MOST_GROWTH
    return int(has_grown)


if __name__ == "__main__":
    sys.exit(main())
