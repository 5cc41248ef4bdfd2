"""Two builds that are measured in one run: this one, and another checkout beside it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from script.measure.server import ROOT, environment, python_of

PREPARE = "import sys; from script.measure.server import prepare; prepare(sys.argv[1])"


@dataclass(frozen=True)
class Build:
    """A checkout that its own script/setup has set up for tests, and an empty database for it."""

    folder: Path
    database_url: str

    @property
    def is_this_one(self) -> bool:
        return self.folder == ROOT

    def prepare(self) -> None:
        """Schema, evidence and demo clinic, by its own code."""
        self._run("-c", PREPARE, self.database_url)

    def seed_load(self, therapists: int, staff: int) -> dict[str, Any]:
        """Who works there, with what: see `seed_load`."""
        printed = self._run("-m", "script.measure.seed_load", str(therapists), str(staff))
        seeded: dict[str, Any] = json.loads(printed)
        return seeded

    def seed_cases(self, cases: int) -> list[str]:
        """The ids of new, answered cases of the demo therapist."""
        return self._run("-m", "script.measure.seed", str(cases)).split()

    def _run(self, *program: str) -> str:
        done = subprocess.run(  # noqa: S603
            [python_of(self.folder), *program],
            cwd=self.folder,
            env=environment(self.database_url, self.folder),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


def builds(database_url: str, beside: Path | None) -> list[Build]:
    """This build on this database and, where there is one, the other on another database there."""
    this = Build(ROOT, database_url)
    return [this] if beside is None else [this, Build(beside.resolve(), _another(database_url))]


def _another(database_url: str) -> str:
    """A new database in the same PostgreSQL."""
    name = f"{conninfo_to_dict(database_url)['dbname']}_beside"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{database_url.rpartition('/')[0]}/{name}"
