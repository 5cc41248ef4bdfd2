"""Fills the database of DATABASE_URL as each test finds it: all tables, and the project's evidence.

The audit log is empty in it: a test that looks for events finds its own alone.
"""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapnet.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django first
from django.db import connection  # noqa: E402

from evidence.curation.release_actions import load_evidence  # noqa: E402
from evidence.loading import load_dossier  # noqa: E402
from tests.triggers import triggers_off  # noqa: E402


def main() -> None:
    """Migrate, load the evidence, forget the event about it."""
    call_command("migrate", verbosity=0)
    load_evidence(evidence=load_dossier())
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_link")
        cursor.execute("DELETE FROM audit_event")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name IN ('audit_event')")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


main()
