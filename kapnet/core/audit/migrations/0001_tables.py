import django.db.models.deletion
import django.utils.timezone
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
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "action",
                    models.CharField(help_text='Object and verb: "case.read".', max_length=60),
                ),
                ("object_type", models.CharField(max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("case_id", models.UUIDField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused"), ("failed", "failed")],
                        default="done",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="Of the request in the log.", max_length=32
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinics.clinic",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["clinic", "-id"], name="event_by_clinic"),
                    models.Index(fields=["case_id", "-id"], name="event_by_case"),
                    models.Index(fields=["clinic", "action", "-id"], name="event_by_action"),
                    models.Index(fields=["actor", "action", "-at"], name="event_by_actor"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "refused", "failed"])),
                        name="event_outcome_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "sequence",
                    models.BigIntegerField(
                        help_text="Counts from 1, without a gap.", primary_key=True, serialize=False
                    ),
                ),
                ("previous_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="audit.event",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
            },
        ),
    ]
