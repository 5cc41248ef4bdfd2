"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinics", "0008_letters_with_reply_links"),
        ("emergency", "0003_searches"),
    ]

    operations = [
        BaseManagers("emergencyaccess", "emergencysearch", "emergencystep"),
        *without_triggers(
            "emergency_emergencyaccess",
            *column_of_the_clinic(
                "emergencyaccess",
                "emergency_emergencyaccess",
                of=("case_id", "id"),
                parent="decisions_case",
                indexed=True,
            ),
        ),
        *without_triggers(
            "emergency_emergencystep",
            migrations.RemoveConstraint(
                model_name="emergencystep",
                name="emergency_step_once",
            ),
            *column_of_the_clinic(
                "emergencystep",
                "emergency_emergencystep",
                of=("access_id", "id"),
                parent="emergency_emergencyaccess",
            ),
            migrations.AddConstraint(
                model_name="emergencystep",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "access", "kind"), name="emergency_step_once"
                ),
            ),
        ),
    ]
