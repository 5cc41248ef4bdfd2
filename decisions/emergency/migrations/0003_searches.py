"""Why somebody looked for a patient in an emergency: written once, never changed or removed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields
from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0001_tables"),
        ("emergency", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EmergencySearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        verbose_name="why somebody looked for a patient"
                    ),
                ),
                ("found", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={"verbose_name_plural": "emergency searches"},
        ),
        append_only("emergency_emergencysearch"),
    ]
