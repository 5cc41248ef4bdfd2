"""The database refuses to change or remove a signed letter or a seal; drafts may change."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import append_only, guarding

SQLITE_TRIGGER = """
CREATE TRIGGER letters_letter_signed_no_{verb} BEFORE {verb} ON letters_letter
WHEN OLD.status = 'signed'
BEGIN SELECT RAISE(ABORT, 'a signed letter cannot be changed'); END
"""
POSTGRESQL_TRIGGERS = """
CREATE FUNCTION letters_letter_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a signed letter cannot be changed'; END $$;
CREATE TRIGGER letters_letter_signed_stays BEFORE UPDATE OR DELETE ON letters_letter
FOR EACH ROW WHEN (OLD.status = 'signed') EXECUTE FUNCTION letters_letter_refuse();
CREATE TRIGGER letters_letter_no_truncate BEFORE TRUNCATE ON letters_letter
FOR EACH STATEMENT EXECUTE FUNCTION letters_letter_refuse();
"""


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers of this kind of database."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_TRIGGERS, params=None)
        return
    for verb in ("update", "delete"):
        editor.execute(SQLITE_TRIGGER.format(verb=verb), params=None)


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away again."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION letters_letter_refuse() CASCADE", params=None)
        return
    for verb in ("update", "delete"):
        editor.execute(f"DROP TRIGGER letters_letter_signed_no_{verb}", params=None)


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_tables")]

    operations = [
        guarding(
            migrations.RunPython(forbid, allow),
            sqlite=("letters_letter_signed_no_update", "letters_letter_signed_no_delete"),
            postgresql=("letters_letter_signed_stays", "letters_letter_no_truncate"),
        ),
        append_only("letters_seal"),
    ]
