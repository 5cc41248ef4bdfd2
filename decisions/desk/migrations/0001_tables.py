import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_tables"),
        ("letters", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="delivery",
                        serialize=False,
                        to="letters.letter",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ready", "Ready to send"),
                            ("exported", "Exported"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("appointment", "Appointment made"),
                            ("done", "Done"),
                        ],
                        default="ready",
                        max_length=11,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="Counts every change."),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="clinics.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(fields=["clinic", "status", "due_on"], name="delivery_by_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "ready",
                                    "exported",
                                    "sent",
                                    "received",
                                    "accepted",
                                    "declined",
                                    "appointment",
                                    "done",
                                ],
                            )
                        ),
                        name="delivery_status_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_status",
                    models.CharField(
                        choices=[
                            ("ready", "Ready to send"),
                            ("exported", "Exported"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("appointment", "Appointment made"),
                            ("done", "Done"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("ready", "Ready to send"),
                            ("exported", "Exported"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("appointment", "Appointment made"),
                            ("done", "Done"),
                        ],
                        max_length=11,
                    ),
                ),
                ("is_correction", models.BooleanField(default=False)),
                ("happened_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fax", "Fax"),
                            ("secure_mail", "Secure mail"),
                            ("portal", "Portal of the recipient"),
                            ("post", "Post"),
                            ("hand", "By hand"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "proof",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                ("note", kapnet.core.encryption.fields.EncryptedTextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="desk.delivery",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("is_correction", False), ("to_status", "sent"), _negated=True
                            ),
                            ("from_status", "sent"),
                            models.Q(("how", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_sent_says_how",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
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
                            ("zip", "ZIP archive with a list of hashes"),
                            ("print", "One PDF for the printer"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Being made"),
                            ("done", "Ready"),
                            ("expired", "No longer kept"),
                        ],
                        default="running",
                        max_length=7,
                    ),
                ),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "moved_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="When it last went on."
                    ),
                ),
                ("file", kapnet.core.encryption.fields.EncryptedBinaryField(null=True)),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("state", "done")),
                            models.Q(
                                models.Q(("state", "done"), _negated=True), ("file__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="export_done_has_its_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("checked", "Checked"),
                            ("left_out", "Left out"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=200)),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="desk.export",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="letters.letter",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("export", "letter"), name="export_letter_once")
                ],
            },
        ),
    ]
