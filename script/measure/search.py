"""The search of the evidence over HTTP with gunicorn and PostgreSQL, in reference pages."""

from __future__ import annotations

import subprocess
import sys

from script.measure.reference import REFERENCE
from script.measure.rounds import Row, interleave, limited, ratio
from script.measure.server import ROOT, environment, gunicorn, prepare
from script.measure.web import signed_in

SOURCES = 5_000
LIMIT = 10
"""Bare-view units that a search may cost."""


def seed_sources(database_url: str) -> None:
    """A release of many sources."""
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "script.measure.seed_sources", str(SOURCES)],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def measure_search(database_url: str) -> list[Row]:
    """Rows for a search by two words, by a word of most sources, and for the whole list."""
    prepare(database_url)
    seed_sources(database_url)
    with gunicorn(database_url, workers=1, threads=4) as port:
        client = signed_in(port)
        measured = interleave(
            {
                "reference": (lambda: client.get(REFERENCE), 60),
                "two words": (lambda: client.get("/evidence/?words=relapsed+ketamine"), 20),
                "common word": (lambda: client.get("/evidence/?words=response"), 20),
                "list": (lambda: client.get("/evidence/"), 20),
            }
        )
    return [
        limited(
            f"{what}, {SOURCES:,} sources, in reference pages",
            ratio(measured, name, "reference"),
            LIMIT,
        )
        for what, name in (
            ("search of the evidence by two words", "two words"),
            ("the same by a word of most sources", "common word"),
            ("the whole list of sources, its first page", "list"),
        )
    ]
