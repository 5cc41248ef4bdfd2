"""Each audit event gets its place in a chain, made by the database."""

import django.db.models.deletion
from django.db import migrations, models

from kapnet.audit.append_only import append_only
from kapnet.audit.chain_triggers import chained


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "sequence",
                    models.BigIntegerField(
                        help_text="Counts from 1, without a gap.", primary_key=True, serialize=False
                    ),
                ),
                ("previous_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="audit.event",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
            },
        ),
        append_only("audit_link"),
        chained(),
    ]
