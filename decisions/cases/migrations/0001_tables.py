import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.blind_index
import kapnet.core.encryption.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(help_text="Counts within the clinic, from 1."),
                ),
                (
                    "patient_name",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        max_length=120, verbose_name="name or initials"
                    ),
                ),
                (
                    "date_of_birth",
                    kapnet.core.encryption.fields.EncryptedDateField(blank=True, null=True),
                ),
                (
                    "reference",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=60, verbose_name="your reference"
                    ),
                ),
                ("edition", models.CharField(max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "therapist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient_index",
                    kapnet.core.encryption.blind_index.BlindIndexField(
                        default="",
                        editable=False,
                        of=("patient_name", "reference"),
                        within="clinic_id",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "number"), name="case_number_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=60)),
                ("value", models.JSONField(null=True)),
                ("assessed_on", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="decisions.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "question"), name="answer_once_a_question"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="answer_version_counts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item9", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                (
                    "assessment",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="how risk was assessed"
                    ),
                ),
                (
                    "agreed",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="what was agreed"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="safety_tasks",
                        to="decisions.case",
                    ),
                ),
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
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("case",),
                        name="safety_task_one_open_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("assessment", ""), _negated=True),
                                models.Q(("agreed", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="safety_task_closed_with_assessment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(help_text="Counts within the case, from 1."),
                ),
                ("edition", models.CharField(max_length=20)),
                ("edition_sha256", models.CharField(max_length=64)),
                ("evidence_release", models.CharField(max_length=40)),
                ("evidence_sha256", models.CharField(max_length=64)),
                ("answers", models.JSONField(help_text="question id: {value, assessed_on}")),
                ("answers_in_words", models.JSONField(help_text="list of AnswerInWords")),
                ("outcome", models.JSONField(help_text="Outcome as JSON")),
                (
                    "cited",
                    models.JSONField(
                        help_text="sources and positions as they were: {sources, positions}"
                    ),
                ),
                (
                    "chosen",
                    models.CharField(
                        choices=[
                            ("ketamine", "Ketamine"),
                            ("repeat_tms", "Repeat TMS"),
                            ("both", "Both at once"),
                            ("none_now", "None of these now"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reasoning",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        verbose_name="your own reasoning"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
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
                    "questioned",
                    models.JSONField(
                        help_text="Questioned as JSON; null where it was not recorded", null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "number"), name="decision_number_unique"
                    )
                ],
            },
        ),
    ]
