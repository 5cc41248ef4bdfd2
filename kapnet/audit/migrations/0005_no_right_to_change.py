"""On PostgreSQL nobody may change, remove or empty the trail: not even the owner of the tables."""

from django.db import migrations

TABLES = "audit_event, audit_link"
RIGHTS = "UPDATE, DELETE, TRUNCATE"


def revoke(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(f"REVOKE {RIGHTS} ON {TABLES} FROM CURRENT_USER")


def grant(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(f"GRANT {RIGHTS} ON {TABLES} TO CURRENT_USER")


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_chain_earlier_events")]

    operations = [migrations.RunPython(revoke, grant)]
