"""A step may be noted by a program that a manager let in, in place of a person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.append_only import append_only_again

before, after = append_only_again("desk_deliverystep")


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_replies_by_link"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        before,
        migrations.AddField(
            model_name="deliverystep",
            name="program",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Name of the client that said it, if no person did.",
                max_length=120,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="deliverystep",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverystep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("program", "")),
                    models.Q(("by__isnull", True), models.Q(("program", ""), _negated=True)),
                    _connector="OR",
                ),
                name="delivery_step_by_somebody",
            ),
        ),
        after,
    ]
