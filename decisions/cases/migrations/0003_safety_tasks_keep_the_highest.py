"""A safety task keeps the first and the highest answer to item 9, each with its day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "safetytask", "first_item9", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField(
            "safetytask",
            "first_item9_on",
            models.DateField(help_text="The day of that form.", null=True),
        ),
        migrations.AddField(
            "safetytask",
            "item9_on",
            models.DateField(help_text="The day of that form.", null=True),
        ),
        migrations.AddField(
            "safetytask",
            "raised_at",
            models.DateTimeField(help_text="When the highest was entered.", null=True),
        ),
        migrations.AddField(
            "safetytask",
            "raised_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "safetytask",
            "item9",
            models.PositiveSmallIntegerField(help_text="The highest since it was opened."),
        ),
    ]
