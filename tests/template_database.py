"""The database of tests: migrated and filled with the project's evidence once, then copied.

The template stays where it was made, under a digest of what it was made from: SQLite's as a file in
var/, PostgreSQL's as a database beside the one of DATABASE_URL. A worker of tests works on a copy,
and a test that commits leaves a fresh copy behind.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, LiteralString, Protocol
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

ROOT: Path = settings.BASE_DIR
FOLDER = ROOT / "var" / "test-templates"
MADE_FROM = ("kapnet", "evidence", "decisions/**/migrations", "decisions/**/models.py")
"""Where a change makes another template: the migrations with what they call, and the evidence."""
NO_CODE = {"__pycache__", "static", "templates"}
HAS_A_ROW = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
MARK = sql.SQL("SELECT count(*), max(xmin::text::bigint) FROM {}")
CATALOGS = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index"),
    *("pg_trigger", "pg_proc", "pg_policy"),
)
"""Where a change of tables, columns, rights, triggers and policies is written."""
SOMEBODY_AT_WORK = (
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND state <> 'idle'"
)


class Database(Protocol):
    """One worker's copy of the template."""

    def make(self) -> None:
        """Copy the template, and let Django's connection lead to the copy."""

    def refresh(self) -> None:
        """Take back whatever tests committed."""

    def remove(self) -> None:
        """Remove the copy."""


def database_for(worker: str, folder: Path) -> Database:
    """The database of a worker, on the kind of server that DATABASE_URL names.

    folder: of this run, for what is a file.
    """
    if connection.vendor == "sqlite":
        return SqliteCopy(folder / f"test-{worker}.sqlite3")
    return PostgresqlCopy(f"test_{connection.settings_dict['NAME']}_{worker}")


def digest_of_sources() -> str:
    """What the template is made from, in short."""
    digest = hashlib.sha256()
    for place in MADE_FROM:
        for found in sorted(ROOT.glob(place)):
            files = [found] if found.is_file() else sorted(found.rglob("*"))
            for file in files:
                if file.suffix in {".py", ".yaml"} and not NO_CODE & set(file.parts):
                    digest.update(f"{file.relative_to(ROOT)}\n".encode())
                    digest.update(file.read_bytes())
    digest.update((ROOT / "requirements" / "run.txt").read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let no other run make a template meanwhile."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fill(url: str) -> None:
    """Migrate an empty database and load the evidence, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fill_template"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"The template of the tests' database was not made:\n{done.stdout}")


def sqlite_template() -> Path:
    """The file that is copied; made first where it is not there."""
    template = FOLDER / f"{digest_of_sources()}.sqlite3"
    with one_at_a_time():
        if not template.exists():
            making = template.with_suffix(".making")
            making.unlink(missing_ok=True)
            _fill(f"sqlite:///{making}")
            for old in FOLDER.glob("*.sqlite3"):
                old.unlink()
            making.rename(template)
    return template


class SqliteCopy:
    """A file that is copied from a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def make(self) -> None:
        self._template = sqlite_template()
        connection.close()
        connection.settings_dict["NAME"] = str(self._file)
        self.refresh()

    def refresh(self) -> None:
        connection.close()
        # Page by page and under its locks: a thread that a test left behind still has it open.
        with (
            closing(sqlite3.connect(self._template)) as template,
            closing(sqlite3.connect(self._file)) as copy,
        ):
            template.backup(copy)

    def remove(self) -> None:
        connection.close()
        self._file.unlink()


class CommittedRows:
    """The rows that tests commit into tables that the template leaves empty.

    To delete them takes a tenth of the time of a new copy. It needs a superuser, whom triggers,
    foreign keys and row security let through.
    """

    def __init__(self, database: psycopg.Connection[Any]) -> None:
        self._database = database
        self._database.execute("SET session_replication_role = replica")
        self._database.execute("SET lock_timeout = '1s'")
        names = (
            "SELECT oid::regclass::text FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [sql.SQL(name) for (name,) in database.execute(names)]
        filled = self._filled(tables)
        self._empty = [table for table in tables if table not in filled]
        kept = [*filled, *map(sql.SQL, CATALOGS)]
        self._marks = sql.SQL(" UNION ALL ").join(map(MARK.format, kept))
        self._marked = self._database.execute(self._marks).fetchall()

    @classmethod
    def of(cls, url: str) -> CommittedRows | None:
        """Those of a database; None where its server has no superuser of the usual name."""
        try:
            parts = urlsplit(url)
            superuser = parts._replace(netloc=f"postgres@{parts.netloc.rpartition('@')[2]}")
            return cls(psycopg.connect(superuser.geturl(), autocommit=True))
        except psycopg.OperationalError:
            return None

    def take_back(self) -> bool:
        """Delete them. False where more than them was changed, or somebody is at work."""
        database = self._database
        try:
            if database.execute(SOMEBODY_AT_WORK).fetchone() or self._is_changed():
                return False
            with database.transaction():
                for table in self._filled(self._empty):
                    database.execute(sql.SQL("DELETE FROM {}").format(table))
        except psycopg.OperationalError:
            return False
        return True

    def close(self) -> None:
        self._database.close()

    def _is_changed(self) -> bool:
        return self._database.execute(self._marks).fetchall() != self._marked

    def _filled(self, tables: list[sql.SQL]) -> list[sql.SQL]:
        """Those that have a row, in the order given."""
        each = (HAS_A_ROW.format(sql.Literal(at), table) for at, table in enumerate(tables))
        found = self._database.execute(sql.SQL(" UNION ALL ").join(each))
        return [tables[at] for (at,) in sorted(found)]


class PostgresqlCopy:
    """A database that is copied from a database on the same server."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._url = os.environ["DATABASE_URL"]
        self._rows: CommittedRows | None = None

    def make(self) -> None:
        self._template = f"kapnet_template_{digest_of_sources()}"
        with one_at_a_time(), self._connected() as server:
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not server.execute(there, [self._template]).fetchone():
                making = f"{self._template}_making"
                run(server, "DROP DATABASE IF EXISTS {}", making)
                run(server, "CREATE DATABASE {}", making)
                _fill(_named(self._url, making))
                run(server, "ALTER DATABASE {} RENAME TO {}", making, self._template)
        connection.settings_dict["NAME"] = self._name
        self._copy()

    def refresh(self) -> None:
        if not (self._rows and self._rows.take_back()):
            self._copy()

    def _copy(self) -> None:
        with self._connected() as server:
            self._drop(server)
            # Copied file by file: nothing of it has to outlive a power cut.
            copy = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
            run(server, copy, self._name, self._template)
        self._rows = CommittedRows.of(_named(self._url, self._name))

    def remove(self) -> None:
        with self._connected() as server:
            self._drop(server)

    def _drop(self, server: psycopg.Connection[Any]) -> None:
        """Drop it, with the connections of threads that a test left behind.

        FORCE would end those of the server's own workers, too, which only a superuser may.
        """
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        if self._rows:
            self._rows.close()
            self._rows = None
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = current_user",
            [self._name],
        )
        run(server, "DROP DATABASE IF EXISTS {}", self._name)

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._url, autocommit=True)


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def run(server: psycopg.Connection[Any], statement: LiteralString, *names: str) -> None:
    """A statement about databases of these names."""
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
