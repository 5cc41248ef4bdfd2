"""Every row says whose it is, and what is unique begins with that."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0015_safety_tasks_from_systems"),
        ("clinics", "0008_letters_with_reply_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consents", "0002_triggers"),
    ]

    operations = [
        BaseManagers("consent", "substancesource"),
        *without_triggers(
            "consents_consent",
            *column_of_the_clinic(
                "consent",
                "consents_consent",
                of=("case_id", "id"),
                parent="decisions_case",
                indexed=True,
            ),
        ),
        *column_of_the_clinic(
            "substancesource",
            "consents_substancesource",
            of=("case_id", "id"),
            parent="decisions_case",
        ),
        migrations.AlterField(
            model_name="substancesource",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="substance_source",
                to="decisions.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="substancesource",
            constraint=models.UniqueConstraint(
                fields=("clinic", "case"), name="substance_source_once_a_case"
            ),
        ),
    ]
