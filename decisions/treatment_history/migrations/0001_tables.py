import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("decisions", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tms_courses", "TMS courses"),
                            ("trials", "Medicines tried in this episode"),
                            ("others", "ECT, psychotherapy and ketamine"),
                            ("medicines", "Medicines taken now"),
                            ("allergies", "Allergies"),
                            ("scores", "Earlier scores"),
                        ],
                        max_length=11,
                    ),
                ),
                ("values", kapnet.core.encryption.fields.EncryptedJSONField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_rows",
                        to="decisions.case",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "tms_courses",
                                    "trials",
                                    "others",
                                    "medicines",
                                    "allergies",
                                    "scores",
                                ],
                            )
                        ),
                        name="history_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="history_removed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NothingOf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tms_courses", "TMS courses"),
                            ("trials", "Medicines tried in this episode"),
                            ("others", "ECT, psychotherapy and ketamine"),
                            ("medicines", "Medicines taken now"),
                            ("allergies", "Allergies"),
                            ("scores", "Earlier scores"),
                        ],
                        max_length=11,
                    ),
                ),
                ("said_at", models.DateTimeField(auto_now_add=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nothing_of",
                        to="decisions.case",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "kind"), name="nothing_of_a_kind_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "tms_courses",
                                    "trials",
                                    "others",
                                    "medicines",
                                    "allergies",
                                    "scores",
                                ],
                            )
                        ),
                        name="nothing_of_a_known_kind",
                    ),
                ],
            },
        ),
    ]
