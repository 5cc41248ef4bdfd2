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
        ("consents", "0001_tables"),
        ("decisions", "0001_tables"),
        ("directory", "0001_tables"),
        ("evidence", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterFacts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "diagnosis_code",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=60, verbose_name="diagnosis code"
                    ),
                ),
                (
                    "specifier",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                (
                    "episode_start",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=60, verbose_name="start of this episode"
                    ),
                ),
                (
                    "suicide_method",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=120, verbose_name="how suicide risk was asked"
                    ),
                ),
                (
                    "suicide_assessed_on",
                    kapnet.core.encryption.fields.EncryptedDateField(blank=True, null=True),
                ),
                (
                    "safety_plan",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        max_length=9,
                    ),
                ),
                (
                    "means_safety",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        max_length=9,
                    ),
                ),
                (
                    "language",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=120, verbose_name="language and interpreter"
                    ),
                ),
                (
                    "accessibility",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                (
                    "emergency_contact",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                (
                    "patient_contact",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                (
                    "allergies",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=400),
                ),
                (
                    "medicines",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="medicines with doses"
                    ),
                ),
                (
                    "trials",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="treatments in this episode"
                    ),
                ),
                (
                    "tms_details",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=400, verbose_name="TMS target, protocol, dates"
                    ),
                ),
                (
                    "earlier_scores",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=400),
                ),
                (
                    "ptsd",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        max_length=9,
                    ),
                ),
                (
                    "eating_disorder",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        max_length=9,
                    ),
                ),
                ("other", kapnet.core.encryption.fields.EncryptedTextField(blank=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letter_facts",
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
                (
                    "goals",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="what the patient hopes for and worries about"
                    ),
                ),
                (
                    "sheet_given",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        verbose_name="decision aid given to the patient, with its version",
                    ),
                ),
                (
                    "sheet_given_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="day on which it was given"
                    ),
                ),
                (
                    "told",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="what the patient was told"
                    ),
                ),
                (
                    "diagnosis_by",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=200, verbose_name="who made the diagnosis, and how"
                    ),
                ),
                (
                    "medical",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="medical history and results, with dates"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "letter facts",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "sequence",
                    models.PositiveIntegerField(help_text="Counts within clinic and year, from 1."),
                ),
                (
                    "recipient_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "recipient_organization",
                    models.CharField(blank=True, max_length=160, verbose_name="organization"),
                ),
                ("recipient_address", models.TextField(blank=True, verbose_name="address")),
                (
                    "recipient_phone",
                    models.CharField(blank=True, max_length=40, verbose_name="phone"),
                ),
                (
                    "recipient_secure_reply",
                    models.CharField(blank=True, max_length=200, verbose_name="secure reply route"),
                ),
                (
                    "copies",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=400, verbose_name="copies to"
                    ),
                ),
                (
                    "request_kind",
                    models.CharField(
                        blank=True,
                        choices=[("assess", "Assess"), ("treat", "Treat"), ("advise", "Advise")],
                        max_length=6,
                        verbose_name="what you ask",
                    ),
                ),
                (
                    "request_option",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ketamine", "Ketamine"),
                            ("repeat_tms", "Repeat TMS"),
                            ("both", "Both at once"),
                            ("none_now", "None of these now"),
                        ],
                        max_length=12,
                        verbose_name="for which option",
                    ),
                ),
                (
                    "request_how_soon",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("days", "Within days"),
                            ("weeks", "Within two to three weeks"),
                            ("can_wait", "Within four to six weeks"),
                            ("not_known", "Not known"),
                        ],
                        max_length=9,
                        verbose_name="how soon",
                    ),
                ),
                ("reply_by", models.DateField(blank=True, null=True, verbose_name="reply by")),
                (
                    "reasoning",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="your own reasoning"
                    ),
                ),
                (
                    "coordinator_name",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=120, verbose_name="who leads"
                    ),
                ),
                (
                    "coordinator_phone",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=40, verbose_name="their phone number"
                    ),
                ),
                (
                    "coordinator_what",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="who monitors what"
                    ),
                ),
                (
                    "act_first_done",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="what was done about the act-first notice"
                    ),
                ),
                (
                    "next_look_on",
                    models.DateField(blank=True, null=True, verbose_name="date of the next look"),
                ),
                (
                    "next_look_by",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=120, verbose_name="who holds the next look"
                    ),
                ),
                (
                    "replaces_because",
                    kapnet.core.encryption.fields.EncryptedCharField(
                        blank=True, max_length=200, verbose_name="why it replaces"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("signed", "Signed")],
                        default="draft",
                        max_length=6,
                    ),
                ),
                (
                    "content",
                    kapnet.core.encryption.fields.EncryptedJSONField(blank=True, null=True),
                ),
                ("pdf", kapnet.core.encryption.fields.EncryptedBinaryField(blank=True, null=True)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("saved_at", models.DateTimeField(auto_now_add=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="decisions.case",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="decisions.decision",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="letters.letter",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authorization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consents.consent",
                    ),
                ),
                (
                    "part2_consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consents.consent",
                    ),
                ),
                (
                    "recipient_site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.site",
                    ),
                ),
                (
                    "shared_for_treatment",
                    models.BooleanField(null=True, verbose_name="on what basis you share it"),
                ),
                (
                    "questions",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="your questions to the reader"
                    ),
                ),
                (
                    "goals",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True,
                        help_text=(
                            "As this letter says it; empty where it says what the facts of the "
                            "case say."
                        ),
                        null=True,
                        verbose_name="what the patient hopes for and worries about",
                    ),
                ),
                (
                    "copies_index",
                    kapnet.core.encryption.blind_index.BlindIndexField(
                        default="", editable=False, null=True, of=("copies",), within="clinic_id"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["pdf_sha256"], name="letter_by_pdf")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "year", "sequence"), name="letter_number_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", False), ("status", "signed")),
                        fields=("replaces",),
                        name="letter_replaced_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("content__isnull", True),
                                ("pdf__isnull", True),
                                ("pdf_sha256", ""),
                                ("signed_at__isnull", True),
                                ("signed_by__isnull", True),
                                ("status", "draft"),
                            ),
                            models.Q(
                                ("content__isnull", False),
                                ("pdf__isnull", False),
                                ("signed_at__isnull", False),
                                ("signed_by__isnull", False),
                                ("status", "signed"),
                                models.Q(("pdf_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="letter_signed_all_or_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True)),
                ("identifier", models.CharField(max_length=32, unique=True)),
                ("content_sha256", models.CharField(max_length=64)),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="letters.letter",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WithdrawalTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_kind",
                    models.CharField(
                        choices=[
                            ("source", "source"),
                            ("position", "position"),
                            ("caution", "caution"),
                            ("claim", "claim"),
                        ],
                        max_length=10,
                    ),
                ),
                ("entry_key", models.CharField(max_length=80)),
                (
                    "source_key",
                    models.CharField(help_text="The page that tells more.", max_length=80),
                ),
                ("label", models.TextField()),
                ("why", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "closed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("seen", "Seen, with a note"),
                            ("replaced", "A correction replaced the letter"),
                            ("restored", "The evidence counts again"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "note",
                    kapnet.core.encryption.fields.EncryptedTextField(
                        blank=True, verbose_name="what follows from it"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal_tasks",
                        to="letters.letter",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.release",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("letter", "entry_kind", "entry_key"),
                        name="withdrawal_task_one_open_an_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_as", ""),
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                            ),
                            models.Q(
                                ("closed_as__in", ["replaced", "restored"]),
                                ("closed_at__isnull", False),
                            ),
                            models.Q(
                                ("closed_as", "seen"),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawal_task_seen_with_a_note",
                    ),
                ],
            },
        ),
    ]
