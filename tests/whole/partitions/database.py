"""A database of tests whose tables are partitioned by clinic and that shows its plans."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from kapnet.core.accounts.walls.row_security import walled_models
from tests.template_database import PostgresqlCopy, one_at_a_time, run
from tests.whole.partitions import partitioning
from tests.whole.partitions.spy import show_plans, superuser

CLINIC_OF = {
    **{one._meta.db_table: "clinic_id" for one in walled_models()},
    "audit_event": "clinic_id",
    "audit_link": "chain",
}
"""Tables that have rows of clinics, by the column that says whose a row is."""


class PartitionedCopy(PostgresqlCopy):
    """Copied from a template of its own, which is made from the usual one."""

    def _copy(self) -> None:
        self._partition_template()
        super()._copy()
        with psycopg.connect(superuser(), autocommit=True) as server:
            show_plans(server, self._name)

    def _partition_template(self) -> None:
        how = sha256(Path(partitioning.__file__).read_bytes()).hexdigest()[:8]
        usual = self._template.removesuffix(f"_{how}")
        self._template = f"{usual}_{how}"
        with one_at_a_time(), self._connected() as server:
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            if server.execute(there, [self._template]).fetchone():
                return
            making = f"{self._template}_making"
            run(server, "DROP DATABASE IF EXISTS {}", making)
            run(server, "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", making, usual)
            with psycopg.connect(named(making), autocommit=True) as whole:
                partitioning.partition(whole, CLINIC_OF)
            run(server, "ALTER DATABASE {} RENAME TO {}", making, self._template)


def named(name: str) -> str:
    """The address of a database for the owner of its tables."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
