"""Columns that hold tokens: patients are encrypted in them from the next migration on."""

from django.db import migrations

import kapnet.at_rest.fields


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historyrow",
            name="values",
            field=kapnet.at_rest.fields.EncryptedJSONField(),
        ),
    ]
