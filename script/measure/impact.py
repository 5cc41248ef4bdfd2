"""What it takes to count what a release would change: CPU, and memory at two sizes."""

from __future__ import annotations

import json
import subprocess
import sys

import psycopg

from script.measure.rounds import Row, limited
from script.measure.server import ROOT, environment, prepare

FEW, MANY = 1_000, 10_000
MORE_MEMORY = 10.0
"""MB that ten times as many cases may take more."""


def measure_impact(database_url: str, at_first: int = FEW, at_last: int = MANY) -> list[Row]:
    """Rows for the larger number of cases, with a decision for every second."""
    prepare(database_url)
    few, many = (_measured(database_url, cases) for cases in (at_first, at_last))
    again = _once(database_url)
    cpu = many["python"] + many["postgresql"]
    what = f"impact over {at_last:,} random cases and {at_last // 2:,} decisions"
    return [
        Row(
            f"{what}, CPU",
            f"{cpu:.1f} s ({cpu / many['looked_at'] * 1e6:.0f} µs each; "
            f"PostgreSQL {many['postgresql']:.1f} s; "
            f"a second time {again['python'] + again['postgresql']:.1f} s)",
        ),
        limited(
            f"the same, peak memory beyond that of {at_first:,} cases ({few['peak_mb']:.0f} MB)",
            many["peak_mb"] - few["peak_mb"],
            MORE_MEMORY,
            " MB",
        ),
    ]


def _measured(database_url: str, cases: int) -> dict[str, float]:
    _run(database_url, "script.measure.seed_impact", str(cases))
    with psycopg.connect(database_url.replace("kapnet@", "postgres@"), autocommit=True) as one:
        one.execute("VACUUM ANALYZE")
    # What is reached does not depend on the cases; it is searched for again.
    with psycopg.connect(database_url, autocommit=True) as one:
        one.execute("DELETE FROM shared_cache")
    return _once(database_url)


def _once(database_url: str) -> dict[str, float]:
    taken: dict[str, float] = json.loads(_run(database_url, "script.measure.impact_once"))
    return taken


def _run(database_url: str, *module: str) -> str:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


if __name__ == "__main__":
    for row in measure_impact(sys.argv[1], *map(int, sys.argv[2:])):
        sys.stdout.write(f"{row.what}: {row.value}, {row.target}\n")
