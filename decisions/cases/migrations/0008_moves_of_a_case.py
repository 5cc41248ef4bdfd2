"""Moves of a case to a later edition: written once, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0007_words_of_a_decision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_edition", models.CharField(max_length=20)),
                ("to_edition", models.CharField(max_length=20)),
                ("moved_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edition_moves",
                        to="decisions.case",
                    ),
                ),
                (
                    "moved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "to_edition"), name="case_moved_once")
                ],
            },
        ),
        append_only("decisions_editionmove"),
    ]
