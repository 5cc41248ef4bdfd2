"""Columns that hold tokens: patients are encrypted in them from the next migration on."""

from django.db import migrations

import kapnet.at_rest.fields


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="expires_with",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=200, verbose_name="or the event that ends it"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=kapnet.at_rest.fields.EncryptedCharField(
                max_length=200, verbose_name="for which purpose"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="recipient",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=160, verbose_name="who may receive it"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="reference",
            field=kapnet.at_rest.fields.EncryptedCharField(
                max_length=120, verbose_name="number of the paper, or where it is kept"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="revoked_because",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="consent",
            name="scope",
            field=kapnet.at_rest.fields.EncryptedTextField(
                max_length=600, verbose_name="what may be shared"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="signed_by",
            field=kapnet.at_rest.fields.EncryptedCharField(
                max_length=160, verbose_name="who signed, and by what authority"
            ),
        ),
    ]
