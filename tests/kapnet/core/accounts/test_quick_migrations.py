"""An empty database that was migrated quickly is the one that Django's own way makes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

AS_DJANGO_DOES = """
from contextlib import nullcontext
import django
django.setup()
from django.core.management import call_command
from kapnet.core.accounts.management.commands import migrate
migrate.only_what_changes = nullcontext
call_command("migrate", verbosity=0)
"""
QUICKLY = AS_DJANGO_DOES.replace("migrate.only_what_changes = nullcontext\n", "")

OF_POSTGRESQL = """
SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default,
    character_maximum_length, identity_generation) FROM information_schema.columns
    WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT tablename || '.' || policyname, concat_ws(' ', roles, cmd, qual, with_check)
    FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT oid::regclass::text, concat_ws(' ', relrowsecurity, relforcerowsecurity, relacl)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
ORDER BY 1, 2
"""


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.django_db
def test_quick_migrations_make_the_same_database(tmp_path: Path) -> None:
    own, quick = (made_by(way, tmp_path) for way in (AS_DJANGO_DOES, QUICKLY))

    assert len(own) > 200
    assert quick == own


def made_by(way: str, folder: Path) -> list[tuple[str, ...]]:
    """All that such a database is made of, but for its rows."""
    if connection.vendor == "sqlite":
        file = folder / f"{len(way)}.sqlite3"
        migrate(way, f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as database:
            return list(database.execute("SELECT name, sql FROM sqlite_master ORDER BY name"))
    name = f"migrated_{os.getpid()}_{len(way)}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            there = urlsplit(url)._replace(path=f"/{name}").geturl()
            migrate(way, there)
            with psycopg.connect(there) as database:
                return database.execute(OF_POSTGRESQL).fetchall()
        finally:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def migrate(way: str, url: str) -> None:
    subprocess.run(
        [sys.executable, "-c", way],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kapnet.settings"},
        check=True,
    )
