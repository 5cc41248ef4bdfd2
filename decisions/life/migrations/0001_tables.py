"""What happened to a case as a whole: read, and never changed or removed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields
from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0004_owners_by_the_tables_owner"),
        ("decisions", "0012_life_of_a_case"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LifeStep",
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
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                            ("handed_over", "Handed over"),
                            ("seen", "Handover seen"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("finished", "Nothing more to decide"),
                            ("elsewhere", "Care goes on elsewhere"),
                            ("ended", "The patient ended care"),
                            ("died", "The patient died"),
                            ("mistake", "Opened by mistake, or twice"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", kapnet.core.encryption.fields.EncryptedTextField(blank=True)),
                ("taken_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="life_steps",
                        to="decisions.case",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "from_therapist",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_therapist",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind", "closed"), ("reason", ""), _connector="XOR"),
                        name="life_step_closed_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "handed_over"),
                            ("to_therapist__isnull", True),
                            _connector="XOR",
                        ),
                        name="life_step_handed_over_to_somebody",
                    ),
                ],
            },
        ),
        append_only("life_lifestep"),
    ]
