"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0016_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("history", "0003_trials_of_any_episode"),
    ]

    operations = [
        BaseManagers("historyrow", "nothingof"),
        *column_of_the_clinic(
            "historyrow",
            "history_historyrow",
            of=("case_id", "id"),
            parent="decisions_case",
            indexed=True,
        ),
        migrations.RemoveConstraint(
            model_name="nothingof",
            name="nothing_of_a_kind_once",
        ),
        *column_of_the_clinic(
            "nothingof", "history_nothingof", of=("case_id", "id"), parent="decisions_case"
        ),
        migrations.AddConstraint(
            model_name="nothingof",
            constraint=models.UniqueConstraint(
                fields=("clinic", "case", "kind"), name="nothing_of_a_kind_once"
            ),
        ),
    ]
