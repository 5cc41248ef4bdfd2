import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0005_tasks_with_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="medical_emergency",
            field=kapnet.core.encryption.fields.EncryptedTextField(
                blank=True,
                help_text="Where records leave without consent (42 CFR 2.51); else empty.",
                null=True,
                verbose_name="nature of the medical emergency",
            ),
        ),
        migrations.CreateModel(
            name="EmergencyDisclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient_name", models.CharField(max_length=120)),
                ("affiliation", models.CharField(max_length=160)),
                ("disclosed_at", models.DateTimeField()),
                (
                    "nature",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        verbose_name="nature of the emergency"
                    ),
                ),
                (
                    "disclosed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency_disclosures",
                        to="letters.letter",
                    ),
                ),
            ],
            options={
                "ordering": ["disclosed_at", "pk"],
            },
        ),
    ]
