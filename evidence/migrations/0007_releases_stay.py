"""Releases are made and read, never changed or removed; the database sees to it."""

from django.db import migrations

from kapnet.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_curated_rows")]
    operations = [append_only("evidence_release")]
