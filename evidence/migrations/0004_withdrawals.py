"""Entries of every kind can be withdrawn: as what, since when, and why."""

from django.db import migrations, models

KINDS = ("source", "position", "caution", "claim")
AS = [
    ("retracted", "Retracted"),
    ("superseded", "Superseded by a newer one"),
    ("wrong", "Recorded in error"),
]


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_number_releases")]
    operations = [
        operation
        for kind in KINDS
        for operation in (
            migrations.AddField(
                kind,
                "withdrawn_as",
                models.CharField(max_length=20, blank=True, editable=False, choices=AS, default=""),
                preserve_default=False,
            ),
            migrations.AddField(
                kind, "withdrawn_on", models.DateField(null=True, blank=True, editable=False)
            ),
            migrations.AddField(
                kind,
                "withdrawal_reason",
                models.TextField(blank=True, editable=False, default=""),
                preserve_default=False,
            ),
        )
    ]
