"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_letters_with_reply_links"),
        ("letters", "0010_copies_by_index"),
        ("desk", "0005_queue_by_index"),
    ]

    operations = [
        BaseManagers("delivery", "deliverystep", "export", "exportitem", "reply", "replylink"),
        *without_triggers(
            "desk_deliverystep",
            *column_of_the_clinic(
                "deliverystep",
                "desk_deliverystep",
                of=("delivery_id", "letter_id"),
                parent="desk_delivery",
                indexed=True,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="exportitem",
            name="export_letter_once",
        ),
        *column_of_the_clinic(
            "exportitem", "desk_exportitem", of=("export_id", "id"), parent="desk_export"
        ),
        migrations.AddConstraint(
            model_name="exportitem",
            constraint=models.UniqueConstraint(
                fields=("clinic", "export", "letter"), name="export_letter_once"
            ),
        ),
        *without_triggers(
            "desk_replylink",
            migrations.AlterField(
                model_name="replylink",
                name="code_sha256",
                field=models.CharField(max_length=64),
            ),
            migrations.AddConstraint(
                model_name="replylink",
                constraint=models.UniqueConstraint(
                    fields=("code_sha256", "clinic"), name="reply_link_code_once"
                ),
            ),
        ),
    ]
