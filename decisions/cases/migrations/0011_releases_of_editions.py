"""Editions that were proved and released."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0010_answers_of_their_case"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=20, unique=True)),
                ("edition_sha256", models.CharField(max_length=64)),
                ("words_sha256", models.CharField(max_length=64)),
                ("evidence_release", models.CharField(max_length=40)),
                ("evidence_sha256", models.CharField(max_length=64)),
                ("released_at", models.DateTimeField()),
                ("evaluated", models.PositiveIntegerField(default=0)),
                (
                    "not_read",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Decisions of an edition that this program does not have.",
                    ),
                ),
                ("stricter", models.PositiveIntegerField(default=0)),
                ("drafts", models.PositiveIntegerField(default=0)),
                ("tasks", models.PositiveIntegerField(default=0)),
                (
                    "last_decision",
                    models.UUIDField(help_text="The last one that was looked at.", null=True),
                ),
                (
                    "evaluated_at",
                    models.DateTimeField(help_text="When all had been looked at.", null=True),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-released_at"]},
        ),
    ]
