"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinics", "0008_letters_with_reply_links"),
        ("life", "0003_deletions_stay"),
    ]

    operations = [
        BaseManagers("deletion", "lifestep"),
        migrations.RemoveConstraint(
            model_name="deletion",
            name="deletion_once_a_case",
        ),
        migrations.AddConstraint(
            model_name="deletion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("clinic", "case_id"),
                name="deletion_once_a_case",
            ),
        ),
    ]
