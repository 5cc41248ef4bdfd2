from django.conf import settings
from django.db import migrations, models

import kapnet.core.web.once


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_zone_retention_and_stand_ins"),
        ("decisions", "0012_life_of_a_case"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="once",
            field=kapnet.core.web.once.OnceField(editable=False, max_length=22, null=True),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("once__isnull", False)),
                fields=("clinic", "once"),
                name="case_once_a_form",
            ),
        ),
    ]
