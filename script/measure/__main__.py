"""Run every measurement, print the table and write docs/bench.md."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

import django

from script.measure.rounds import ROUNDS, Row

REPORT = Path(__file__).parents[2] / "docs" / "bench.md"
HEAD = """# Measurements

Written by `script/bench`. Everything is measured in interleaved rounds of one run; each number
is the median over {rounds} rounds of the ratio within a round. Pages are
measured over HTTP with gunicorn and PostgreSQL, in units of a reference page: a table of 120 rows
that Django renders for the same server, without our middleware and without a database. It costs
what an empty page for a signed-in person did in the build `before-squash`, on which the limits
rest; that page itself is a row now, since it became a third quicker and with it as the unit every
other page seemed to become slower. Machines are often shared: read the ratios, not the seconds.

Last run: {day}, Python {python}, {cores} cores.

| measured | value | target | |
|---|---|---|---|
"""


def main(database_url: str) -> int:
    """The exit status: 1 when a target was missed, or a part could not be measured."""
    django.setup()
    from script.measure.impact import measure_impact
    from script.measure.letters import measure_full_letters, measure_letters
    from script.measure.outcomes import measure_outcomes
    from script.measure.questioning import measure_questioning
    from script.measure.replaying import measure_replaying
    from script.measure.rules import measure_rules
    from script.measure.savers import measure_savers
    from script.measure.search import measure_search
    from script.measure.second_engine import measure_second_engine
    from script.measure.web import measure_web
    from script.measure.work_list import measure_work_list

    lines, is_well = [], True
    for what, measure in (
        ("rules", measure_rules),
        ("questioning and proof", measure_questioning),
        ("second engine", measure_second_engine),
        ("replay", measure_replaying),
        ("impact", lambda: measure_impact(database_url)),
        ("letter", measure_letters),
        ("full letters", measure_full_letters),
        ("pages and saves", lambda: measure_web(database_url)),
        ("search", lambda: measure_search(database_url)),
        ("work list", lambda: measure_work_list(database_url)),
        ("outcomes", lambda: measure_outcomes(database_url)),
        ("concurrent savers", measure_savers),
    ):
        print(f"Measuring {what} ...", flush=True)
        for row in _measured(what, measure):
            lines.append(_line(row))
            print(lines[-1], end="", flush=True)
            is_well &= row.is_met is not False
    head = HEAD.format(
        rounds=ROUNDS,
        day=date.today().isoformat(),  # noqa: DTZ011 - the reader's own day
        python=platform.python_version(),
        cores=os.cpu_count(),
    )
    REPORT.write_text(head + "".join(lines))
    return int(not is_well)


def _measured(what: str, measure: Callable[[], list[Row]]) -> list[Row]:
    """The rows of a part; where it fails, one that says so, and the rest goes on."""
    try:
        return measure()
    except Exception:
        traceback.print_exc()
        return [Row(what, "failed", is_met=False)]


def _line(row: Row) -> str:
    verdict = {True: "met", False: "**missed**", None: ""}[row.is_met]
    return f"| {row.what} | {row.value} | {row.target} | {verdict} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
