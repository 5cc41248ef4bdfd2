"""Who asked for a deletion and who agreed stays as it was noted, and outlives the case."""

from django.db import migrations

from kapnet.core.append_only import kept

AS_ASKED = (
    *("id", "clinic_id", "case_id", "case_number", "kept_until"),
    *("asked_at", "asked_by_id"),
)
ONCE = ("agreed_at", "agreed_by_id")
GOES_ON = " AND ".join(
    [
        "OLD.deleted_at IS NULL",
        "OLD.taken_back_at IS NULL",
        *(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in AS_ASKED),
        *(f"(OLD.{one} IS NULL OR NEW.{one} IS NOT DISTINCT FROM OLD.{one})" for one in ONCE),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("life", "0002_deletions")]

    operations = [kept("life_deletion", only=GOES_ON)]
