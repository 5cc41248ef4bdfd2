"""The database without the triggers that keep what was written."""

from __future__ import annotations

from django.db import connection

AUDIT_RIGHTS = "UPDATE, DELETE, TRUNCATE ON audit_event, audit_link, audit_notedhead"


class triggers_off:  # noqa: N801, reads as a function
    """The database without its triggers, for as long as the block runs.

    On PostgreSQL with the right to change the audit log, too.
    """

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(
                    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
                )
                self.tables = [table for (table,) in cursor.fetchall()]
                for table in self.tables:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(f"GRANT {AUDIT_RIGHTS} TO CURRENT_USER")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            self.triggers = cursor.fetchall()
            for name, _ in self.triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')

    def __exit__(self, *problem: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in self.tables:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
                cursor.execute(f"REVOKE {AUDIT_RIGHTS} FROM CURRENT_USER")
                return
            for _, sql in self.triggers:
                cursor.execute(sql)
