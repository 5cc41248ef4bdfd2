"""Recorded decisions are read and never changed or removed; the database sees to it."""

from django.db import migrations

from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_tables")]

    operations = [append_only("decisions_decision")]
