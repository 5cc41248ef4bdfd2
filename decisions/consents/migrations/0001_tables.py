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
            name="Consent",
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
                            ("authorization", "Authorization (45 CFR 164.508)"),
                            ("part2", "Consent for substance use records (42 CFR Part 2)"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "reference",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        max_length=120, verbose_name="number of the paper, or where it is kept"
                    ),
                ),
                (
                    "recipient",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=160, verbose_name="who may receive it"
                    ),
                ),
                (
                    "for_all_who_treat",
                    models.BooleanField(
                        default=False,
                        verbose_name="it names all who treat the patient, not one recipient",
                    ),
                ),
                (
                    "purpose",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        max_length=200, verbose_name="for which purpose"
                    ),
                ),
                (
                    "scope",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        max_length=600, verbose_name="what may be shared"
                    ),
                ),
                (
                    "covers_substance_use",
                    models.BooleanField(
                        default=False, verbose_name="it covers alcohol and drug use, and withdrawal"
                    ),
                ),
                (
                    "signed_by",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        max_length=160, verbose_name="who signed, and by what authority"
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="day of the signature")),
                (
                    "expires_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="last day on which it holds"
                    ),
                ),
                (
                    "expires_with",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=200, verbose_name="or the event that ends it"
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoked_because",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="decisions.case",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
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
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="consent_revoked_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recipient", ""), _negated=True),
                            ("for_all_who_treat", True),
                            _connector="OR",
                        ),
                        name="consent_names_a_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", False),
                            models.Q(("expires_with", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consent_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubstanceSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self_report", "The patient told us"),
                            ("own_assessment", "We assessed it ourselves"),
                            ("part2_program", "A program under 42 CFR Part 2 recorded it"),
                            ("unknown", "Not known"),
                        ],
                        max_length=14,
                    ),
                ),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="substance_source",
                        to="decisions.case",
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
    ]
