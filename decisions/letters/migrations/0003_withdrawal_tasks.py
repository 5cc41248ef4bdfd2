"""Tasks for who signed a letter on evidence that was withdrawn since."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0007_releases_stay"),
        ("letters", "0002_signed_letters_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WithdrawalTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_kind",
                    models.CharField(
                        choices=[
                            ("source", "source"),
                            ("position", "position"),
                            ("caution", "caution"),
                            ("claim", "claim"),
                        ],
                        max_length=10,
                    ),
                ),
                ("entry_key", models.CharField(max_length=80)),
                (
                    "source_key",
                    models.CharField(help_text="The page that tells more.", max_length=80),
                ),
                ("label", models.TextField()),
                ("why", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "closed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("seen", "Seen, with a note"),
                            ("replaced", "A correction replaced the letter"),
                            ("restored", "The evidence counts again"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="what follows from it")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal_tasks",
                        to="letters.letter",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.release",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("letter", "entry_kind", "entry_key"),
                        name="withdrawal_task_one_open_an_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_as", ""),
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                            ),
                            models.Q(
                                ("closed_as__in", ["replaced", "restored"]),
                                ("closed_at__isnull", False),
                            ),
                            models.Q(
                                ("closed_as", "seen"),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawal_task_seen_with_a_note",
                    ),
                ],
            },
        ),
    ]
