"""Every row says whose it is, and what is unique begins with that."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("decisions", "0016_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        ("form_links", "0002_triggers"),
    ]

    operations = [
        BaseManagers("contact", "formlink", "proposal"),
        migrations.AlterField(
            model_name="contact",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact",
                to="decisions.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                fields=("clinic", "case"), name="contact_once_a_case"
            ),
        ),
        *without_triggers(
            "form_links_formlink",
            migrations.RemoveConstraint(
                model_name="formlink",
                name="form_link_one_waits_a_case",
            ),
            migrations.AlterField(
                model_name="formlink",
                name="token_sha256",
                field=models.CharField(max_length=64),
            ),
            migrations.AddConstraint(
                model_name="formlink",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("state__in", ["waiting", "opened"])),
                    fields=("clinic", "case"),
                    name="form_link_one_waits_a_case",
                ),
            ),
            migrations.AddConstraint(
                model_name="formlink",
                constraint=models.UniqueConstraint(
                    fields=("token_sha256", "clinic"), name="form_link_token_once"
                ),
            ),
        ),
        *without_triggers(
            "form_links_proposal",
            migrations.RemoveConstraint(
                model_name="proposal",
                name="proposal_once_a_link",
            ),
            migrations.AddConstraint(
                model_name="proposal",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "link", "question"), name="proposal_once_a_link"
                ),
            ),
        ),
    ]
