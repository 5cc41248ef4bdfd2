"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinics", "0008_letters_with_reply_links"),
        ("clients", "0002_triggers"),
    ]

    operations = [
        BaseManagers("accesstoken", "agreement", "apiclient", "usedassertion"),
        migrations.AlterField(
            model_name="accesstoken",
            name="sha256",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="accesstoken",
            constraint=models.UniqueConstraint(
                fields=("sha256", "clinic"), name="access_token_once"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="agreement",
            name="agreement_one_waits_a_client",
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("clinic", "client"),
                name="agreement_one_waits_a_client",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="usedassertion",
            name="assertion_used_once",
        ),
        migrations.AddConstraint(
            model_name="usedassertion",
            constraint=models.UniqueConstraint(
                fields=("clinic", "client", "jti_sha256"), name="assertion_used_once"
            ),
        ),
    ]
