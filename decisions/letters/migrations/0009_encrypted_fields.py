"""Columns that hold tokens: patients are encrypted in them from the next migration on."""

from django.db import migrations

import kapnet.at_rest.blind_index
import kapnet.at_rest.fields
from kapnet.at_rest.migrating import TriggersKept


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0008_goals_of_a_letter"),
    ]

    operations = [
        TriggersKept(
            "letters_letter",
            [
                migrations.AddField(
                    model_name="letter",
                    name="copies_index",
                    field=kapnet.at_rest.blind_index.BlindIndexField(
                        default="", editable=False, null=True, of=("copies",), within="clinic_id"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="act_first_done",
                    field=kapnet.at_rest.fields.EncryptedTextField(
                        blank=True, verbose_name="what was done about the act-first notice"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="content",
                    field=kapnet.at_rest.fields.EncryptedJSONField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="coordinator_name",
                    field=kapnet.at_rest.fields.EncryptedCharField(
                        blank=True, max_length=120, verbose_name="who leads"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="coordinator_phone",
                    field=kapnet.at_rest.fields.EncryptedCharField(
                        blank=True, max_length=40, verbose_name="their phone number"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="next_look_by",
                    field=kapnet.at_rest.fields.EncryptedCharField(
                        blank=True, max_length=120, verbose_name="who holds the next look"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="coordinator_what",
                    field=kapnet.at_rest.fields.EncryptedTextField(
                        blank=True, verbose_name="who monitors what"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="copies",
                    field=kapnet.at_rest.fields.EncryptedCharField(
                        blank=True, max_length=400, verbose_name="copies to"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="goals",
                    field=kapnet.at_rest.fields.EncryptedTextField(
                        blank=True,
                        help_text="As this letter says it; empty where it says what the facts "
                        "of the case say.",
                        null=True,
                        verbose_name="what the patient hopes for and worries about",
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="pdf",
                    field=kapnet.at_rest.fields.EncryptedBinaryField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="questions",
                    field=kapnet.at_rest.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="your questions to the reader"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="reasoning",
                    field=kapnet.at_rest.fields.EncryptedTextField(
                        blank=True, verbose_name="your own reasoning"
                    ),
                ),
                migrations.AlterField(
                    model_name="letter",
                    name="replaces_because",
                    field=kapnet.at_rest.fields.EncryptedCharField(
                        blank=True, max_length=200, verbose_name="why it replaces"
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="accessibility",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="allergies",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="diagnosis_by",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=200, verbose_name="who made the diagnosis, and how"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="diagnosis_code",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=60, verbose_name="diagnosis code"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="earlier_scores",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="emergency_contact",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="episode_start",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=60, verbose_name="start of this episode"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="goals",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="what the patient hopes for and worries about"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="language",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=120, verbose_name="language and interpreter"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="medical",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="medical history and results, with dates"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="medicines",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="medicines with doses"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="other",
            field=kapnet.at_rest.fields.EncryptedTextField(blank=True),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="patient_contact",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="specifier",
            field=kapnet.at_rest.fields.EncryptedCharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="suicide_assessed_on",
            field=kapnet.at_rest.fields.EncryptedDateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="suicide_method",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=120, verbose_name="how suicide risk was asked"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="tms_details",
            field=kapnet.at_rest.fields.EncryptedCharField(
                blank=True, max_length=400, verbose_name="TMS target, protocol, dates"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="told",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="what the patient was told"
            ),
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="trials",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="treatments in this episode"
            ),
        ),
        migrations.AlterField(
            model_name="withdrawaltask",
            name="note",
            field=kapnet.at_rest.fields.EncryptedTextField(
                blank=True, verbose_name="what follows from it"
            ),
        ),
    ]
