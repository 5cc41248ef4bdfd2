import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("evidence", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
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
                            ("source", "Source"),
                            ("position", "Guideline position"),
                            ("caution", "Caution"),
                            ("claim", "Claim"),
                        ],
                        max_length=10,
                    ),
                ),
                ("entry_key", models.CharField(max_length=80)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("add", "Adds"),
                            ("edit", "Changes"),
                            ("withdraw", "Withdraws"),
                            ("restore", "Takes a withdrawal back"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved, waits for a release"),
                            ("published", "Published"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="evidence.release",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "in_review", "approved", "published", "discarded"],
                            )
                        ),
                        name="change_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["add", "edit", "withdraw", "restore"])),
                        name="change_action_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entry_kind__in", ["source", "position", "caution", "claim"])
                        ),
                        name="change_entry_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review", "approved"])),
                        fields=("entry_kind", "entry_key"),
                        name="change_open_once_an_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("release__isnull", False), ("state", "published")),
                            models.Q(
                                models.Q(("state", "published"), _negated=True),
                                ("release__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="change_published_in_a_release",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved, waits for a release"),
                            ("published", "Published"),
                            ("discarded", "Discarded"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved, waits for a release"),
                            ("published", "Published"),
                            ("discarded", "Discarded"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="curation.change",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "from_state__in",
                                ["", "draft", "in_review", "approved", "published", "discarded"],
                            )
                        ),
                        name="step_from_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "to_state__in",
                                ["draft", "in_review", "approved", "published", "discarded"],
                            )
                        ),
                        name="step_to_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="step_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("text", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="curation.change",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "from_verified",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "to_verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                    ),
                ),
                ("was_read", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="curation.change",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("was_read", ""), _negated=True),
                        name="reading_says_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Waits for a second person"),
                            ("published", "Published"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("notes", models.TextField(verbose_name="what changed, for clinicians")),
                ("sha256", models.CharField(max_length=64)),
                ("impact", models.JSONField()),
                ("prepared_at", models.DateTimeField(auto_now_add=True)),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.release",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="evidence.release",
                    ),
                ),
                (
                    "rolls_back_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.release",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-prepared_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("status",),
                        name="release_draft_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_by__isnull", True),
                            models.Q(("signed_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="release_draft_signed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("release__isnull", False),
                                ("signed_by__isnull", False),
                                ("status", "published"),
                            ),
                            models.Q(
                                models.Q(("status", "published"), _negated=True),
                                ("release__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="release_draft_published_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("content", models.BinaryField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("mapping", models.JSONField(blank=True, default=list)),
                ("keys", models.JSONField(blank=True, default=list)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import of references",
                "verbose_name_plural": "imports of references",
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content__isnull", False), ("finished_at__isnull", True)),
                            models.Q(("content__isnull", True), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_keeps_its_file_until_finished",
                    )
                ],
            },
        ),
    ]
