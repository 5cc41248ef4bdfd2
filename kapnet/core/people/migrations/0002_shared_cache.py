"""The table of the cache that counts tries to sign in, for every worker alike."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_table(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Does nothing where the table is there already."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


def remove_table(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Only counts of tries are lost."""
    editor.execute("DROP TABLE shared_cache")


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_tables")]

    operations = [migrations.RunPython(make_table, remove_table)]
