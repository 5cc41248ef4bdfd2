from django.conf import settings
from django.db import migrations, models

import kapnet.core.web.once


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_zone_retention_and_stand_ins"),
        ("consents", "0002_triggers"),
        ("decisions", "0013_made_by_a_form"),
        ("directory", "0001_tables"),
        ("letters", "0008_what_page_one_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="once",
            field=kapnet.core.web.once.OnceField(editable=False, max_length=22, null=True),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("once__isnull", False)),
                fields=("clinic", "once"),
                name="letter_once_a_form",
            ),
        ),
    ]
