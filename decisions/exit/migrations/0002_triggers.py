"""Closed chains stay as they came; who asked for an exit and who agreed stays, too."""

from django.db import migrations

from kapnet.core.append_only import append_only, kept

AS_ASKED = ("id", "clinic_id", "asked_at", "asked_by_id")
ONCE = ("settled_at", "settled_by_id")
GOES_ON = " AND ".join(
    [
        "OLD.state NOT IN ('refused', 'failed', 'gone')",
        *(f"NEW.{one} = OLD.{one}" for one in AS_ASKED),
        *(f"(OLD.{one} IS NULL OR NEW.{one} IS NOT DISTINCT FROM OLD.{one})" for one in ONCE),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("exit", "0001_tables")]

    operations = [
        kept("exit_exit", only=GOES_ON),
        append_only("exit_enteredchain"),
        append_only("exit_enteredlink"),
    ]
