"""Links by which letters are answered, and what came by them: its words never change."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kapnet.core.encryption.fields
from kapnet.core.append_only import append_only, kept

IS_SETTLED = " AND ".join(
    (
        "OLD.state = 'waiting' AND NEW.state <> 'waiting'",
        *(
            f"NEW.{name} = OLD.{name}"
            for name in ("id", "clinic_id", "link_id", "kind", "text", "name", "reach", "sent_at")
        ),
        "COALESCE(NEW.day, '') = COALESCE(OLD.day, '')",
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_letters_with_reply_links"),
        ("desk", "0002_triggers"),
        ("letters", "0008_what_page_one_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyLink",
            fields=[
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reply_link",
                        serialize=False,
                        to="letters.letter",
                    ),
                ),
                ("code_sha256", models.CharField(max_length=64, unique=True)),
                ("ends_at", models.DateTimeField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinics.clinic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
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
                            ("accepts", "Accepts"),
                            ("declines", "Declines"),
                            ("asks", "Asks"),
                            ("reports", "Reports"),
                        ],
                        max_length=8,
                    ),
                ),
                ("day", kapnet.core.encryption.fields.EncryptedDateField(blank=True, null=True)),
                ("text", kapnet.core.encryption.fields.EncryptedTextField(blank=True)),
                ("name", kapnet.core.encryption.fields.EncryptedCharField(max_length=120)),
                (
                    "reach",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=120),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not confirmed"),
                            ("confirmed", "Confirmed"),
                            ("set_aside", "Set aside"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "because",
                    kapnet.core.encryption.fields.EncryptedCharField(blank=True, max_length=200),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="desk.replylink",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ["-sent_at"],
                "indexes": [models.Index(fields=["clinic", "state"], name="reply_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True),
                                ("settled_by__isnull", True),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("state__in", ["confirmed", "set_aside"]),
                            ),
                            _connector="OR",
                        ),
                        name="reply_settled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["accepts", "declines", "asks", "reports"])
                        ),
                        name="reply_kind_is_known",
                    ),
                ],
            },
        ),
        append_only("desk_replylink"),
        kept("desk_reply", only=IS_SETTLED),
    ]
