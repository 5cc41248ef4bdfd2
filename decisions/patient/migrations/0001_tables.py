import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("decisions", "0006_safety_tasks_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PatientCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "patient_name",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        max_length=120, verbose_name="name before"
                    ),
                ),
                (
                    "date_of_birth",
                    kapnet.core.encryption.fields.EncryptedDateField(
                        blank=True, null=True, verbose_name="date of birth before"
                    ),
                ),
                (
                    "reference",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=60, verbose_name="reference before"
                    ),
                ),
                ("reason", kapnet.core.encryption.fields.EncryptedCharField(max_length=200)),
                ("corrected_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient_corrections",
                        to="decisions.case",
                    ),
                ),
                (
                    "corrected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["corrected_at", "pk"],
            },
        ),
    ]
