"""The settings of the database, and of a standby of it."""

from __future__ import annotations

from typing import Any

from kapnet.core.patience import PatientConnection
from kapnet.environment import VAR_DIR, env, read_number, read_text, stop

SQLITE: dict[str, Any] = {
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
POOL: dict[str, Any] = {
    "min_size": 1,
    "max_size": read_number("DATABASE_POOL_SIZE", default=8),
    "timeout": 10,
    # Else the pauses between two tries double for five minutes, and end long after the database is
    # back.
    "reconnect_timeout": 3,
    "connection_class": PatientConnection,
}
STANDBY_POOL = {"min_size": 0, "timeout": 1}  # nobody waits for one that is away
POSTGRESQL: dict[str, Any] = {
    "CONN_HEALTH_CHECKS": True,  # a pooled connection may be dead since the database's last restart
    "OPTIONS": {"pool": POOL},
}


def read_databases() -> dict[str, dict[str, Any]]:
    """The database, and a standby of it where one is named."""
    databases = {"default": read_database()}
    url = read_text("STANDBY_DATABASE_URL", "")
    if not url:
        return databases
    standby: dict[str, Any] = dict(env.db_url_config(url))
    engines = {one["ENGINE"] for one in (*databases.values(), standby)}
    if engines != {"django.db.backends.postgresql"} or not standby.get("NAME"):
        stop(
            "STANDBY_DATABASE_URL cannot be used. Both it and DATABASE_URL have to be "
            "postgresql://user:password@host:5432/name; or leave it out."
        )
    more = POSTGRESQL | {"TEST": {"MIRROR": "default"}}
    options = standby.get("OPTIONS", {}) | POSTGRESQL["OPTIONS"] | {"pool": POOL | STANDBY_POOL}
    return databases | {"standby": standby | more | {"OPTIONS": options}}


def read_database() -> dict[str, Any]:
    """SQLite in var/ by default; DATABASE_URL names another file or a PostgreSQL."""
    url = read_text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'kapnet.sqlite3'}")
    scheme = url.partition("://")[0]
    if scheme in ("sqlite", "postgres", "postgresql"):
        database: dict[str, Any] = dict(env.db_url_config(url))
        more = SQLITE if scheme == "sqlite" else POSTGRESQL
        if database.get("NAME"):
            return database | more | {"OPTIONS": database.get("OPTIONS", {}) | more["OPTIONS"]}
    stop(
        "DATABASE_URL cannot be used. Write sqlite:////path/to/file.sqlite3 or "
        "postgresql://user:password@host:5432/name, or leave it out."
    )
