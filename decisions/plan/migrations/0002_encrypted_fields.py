"""Columns that hold tokens: patients are encrypted in them from the next migration on."""

from django.db import migrations

import kapnet.at_rest.fields


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0001_stored_plan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="storedplan",
            name="content",
            field=kapnet.at_rest.fields.EncryptedJSONField(),
        ),
    ]
