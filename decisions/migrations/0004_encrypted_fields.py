"""Columns that hold tokens: patients are encrypted in them from the next migration on."""

from django.db import migrations

import kapnet.at_rest.blind_index
import kapnet.at_rest.fields
from kapnet.at_rest.migrating import TriggersKept


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0003_decision_questioned"),
    ]

    operations = [
        TriggersKept(
            "decisions_decision",
            [
                migrations.AlterField(
                    model_name="decision",
                    name="reasoning",
                    field=kapnet.at_rest.fields.EncryptedTextField(
                        verbose_name="your own reasoning"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="patient_index",
            field=kapnet.at_rest.blind_index.BlindIndexField(
                default="", editable=False, of=("patient_name", "reference"), within="clinic_id"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="date_of_birth",
            field=kapnet.at_rest.fields.EncryptedDateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="patient_name",
            field=kapnet.at_rest.fields.EncryptedCharField(
                max_length=120, verbose_name="name or initials"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="reference",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=60, verbose_name="your reference"
            ),
        ),
        migrations.AlterField(
            model_name="safetytask",
            name="agreed",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="what was agreed"
            ),
        ),
        migrations.AlterField(
            model_name="safetytask",
            name="assessment",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="how risk was assessed"
            ),
        ),
    ]
