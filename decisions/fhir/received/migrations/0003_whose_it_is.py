"""Every row says whose it is, and what is unique begins with that."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0016_whose_it_is"),
        ("follow_up", "0006_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("received", "0002_triggers"),
    ]

    operations = [
        BaseManagers("proposedanswer", "received"),
        *without_triggers(
            "received_received",
            migrations.AlterField(
                model_name="received",
                name="assessment",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="received",
                    to="follow_up.assessment",
                ),
            ),
            migrations.AddConstraint(
                model_name="received",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "assessment"), name="received_once_a_form"
                ),
            ),
        ),
    ]
