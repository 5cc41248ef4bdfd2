"""Every safety task has its first and its highest answer, and the highest is no lower."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0004_raise_safety_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("safetytask", "first_item9", models.PositiveSmallIntegerField()),
        migrations.AlterField(
            "safetytask", "first_item9_on", models.DateField(help_text="The day of that form.")
        ),
        migrations.AlterField(
            "safetytask", "item9_on", models.DateField(help_text="The day of that form.")
        ),
        migrations.AlterField(
            "safetytask",
            "raised_at",
            models.DateTimeField(help_text="When the highest was entered."),
        ),
        migrations.AlterField(
            "safetytask",
            "raised_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "safetytask",
            models.CheckConstraint(
                condition=models.Q(item9__gte=models.F("first_item9")),
                name="safety_task_keeps_the_highest",
            ),
        ),
    ]
