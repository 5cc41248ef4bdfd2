"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinics", "0008_letters_with_reply_links"),
        ("decisions", "0016_whose_it_is"),
        ("directory", "0002_whose_it_is"),
        ("team", "0001_tables"),
    ]

    operations = [
        BaseManagers("teammember"),
        migrations.RemoveConstraint(
            model_name="teammember",
            name="team_part_once",
        ),
        migrations.RemoveConstraint(
            model_name="teammember",
            name="team_one_coordinator",
        ),
        *column_of_the_clinic(
            "teammember",
            "team_teammember",
            of=("case_id", "id"),
            parent="decisions_case",
            indexed=True,
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("clinic", "case", "site", "part"),
                name="team_part_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True), ("part", "coordinator")),
                fields=("clinic", "case"),
                name="team_one_coordinator",
            ),
        ),
    ]
