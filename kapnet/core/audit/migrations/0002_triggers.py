"""The database chains each event, and refuses to change or remove an event or its link.

On PostgreSQL nobody has the right to do so: not even the owner of the tables.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import append_only
from kapnet.core.audit.migrations._one_chain import chained

TABLES = "audit_event, audit_link"
RIGHTS = "UPDATE, DELETE, TRUNCATE"


def revoke(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"REVOKE {RIGHTS} ON {TABLES} FROM CURRENT_USER")


def grant(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"GRANT {RIGHTS} ON {TABLES} TO CURRENT_USER")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]

    operations = [
        append_only("audit_event"),
        append_only("audit_link"),
        chained(),
        migrations.RunPython(revoke, grant),
    ]
