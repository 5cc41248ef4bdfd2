"""Releases get a number, their whole content, and the two persons who made them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RenameField("release", "loaded_at", "published_at"),
        migrations.AddField(
            "release", "number", models.PositiveIntegerField(null=True, unique=True)
        ),
        migrations.AddField("release", "content", models.JSONField(null=True, editable=False)),
        *[
            migrations.AddField(
                "release",
                role,
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            )
            for role in ("author", "approver")
        ],
    ]
