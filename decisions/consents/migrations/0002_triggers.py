"""A consent is never removed, and changes once: when it is revoked."""

from django.db import migrations

from kapnet.core.append_only import kept

AS_SIGNED = (
    *("id", "case_id", "kind", "reference", "recipient", "for_all_who_treat", "purpose", "scope"),
    *("covers_substance_use", "signed_by", "signed_on", "expires_on", "expires_with"),
    *("recorded_at", "recorded_by_id"),
)
IS_REVOKED = " AND ".join(
    [
        "OLD.revoked_at IS NULL",
        "NEW.revoked_at IS NOT NULL",
        *(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in AS_SIGNED),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_tables")]

    operations = [kept("consents_consent", only=IS_REVOKED)]
