"""Columns that hold tokens: patients are encrypted in them from the next migration on."""

from django.db import migrations

import kapnet.at_rest.fields
from kapnet.at_rest.migrating import TriggersKept


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_earlier_letters"),
    ]

    operations = [
        TriggersKept(
            "desk_deliverystep",
            [
                migrations.AlterField(
                    model_name="deliverystep",
                    name="note",
                    field=kapnet.at_rest.fields.EncryptedTextField(blank=True),
                ),
                migrations.AlterField(
                    model_name="deliverystep",
                    name="proof",
                    field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=200),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="export",
            name="file",
            field=kapnet.at_rest.fields.EncryptedBinaryField(null=True),
        ),
    ]
