import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Colleague",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=120, verbose_name="name of the person or service"),
                ),
                ("profession", models.CharField(blank=True, max_length=120)),
                (
                    "license_number",
                    models.CharField(blank=True, max_length=60, verbose_name="license or NPI"),
                ),
                ("is_prescriber", models.BooleanField(default=False)),
                ("is_tms_provider", models.BooleanField(default=False)),
                ("is_therapist", models.BooleanField(default=False)),
                ("is_general_practitioner", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="colleagues",
                        to="clinics.clinic",
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
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization", models.CharField(blank=True, max_length=160)),
                ("address", models.TextField(max_length=600)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "secure_reply",
                    models.CharField(blank=True, max_length=200, verbose_name="secure reply route"),
                ),
                (
                    "accepts_referrals",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=9,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("verified_on", models.DateField(blank=True, null=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "colleague",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="directory.colleague",
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
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_by__isnull", True), ("verified_on__isnull", True)),
                            models.Q(
                                ("verified_by__isnull", False), ("verified_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="site_verified_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepts_referrals__in", ["yes", "no", "not_known"])),
                        name="site_accepts_is_known",
                    ),
                ],
            },
        ),
    ]
