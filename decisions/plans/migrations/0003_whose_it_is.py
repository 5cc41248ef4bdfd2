"""Every row says whose it is, and what is unique begins with that."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("decisions", "0016_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        ("plan", "0002_gone_and_withdrawn"),
    ]

    operations = [
        BaseManagers("storedplan"),
        *column_of_the_clinic(
            "storedplan", "plan_storedplan", of=("case_id", "id"), parent="decisions_case"
        ),
        migrations.AlterField(
            model_name="storedplan",
            name="calendar_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AlterField(
            model_name="storedplan",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plan",
                to="decisions.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedplan",
            constraint=models.UniqueConstraint(fields=("clinic", "case"), name="plan_once_a_case"),
        ),
        migrations.AddConstraint(
            model_name="storedplan",
            constraint=models.UniqueConstraint(
                fields=("calendar_id", "clinic"), name="plan_calendar_once"
            ),
        ),
    ]
