"""The later edition that judged a letter's decision more strictly, and why it was signed."""

from django.db import migrations, models

import kapnet.core.encryption.fields


class Migration(migrations.Migration):
    dependencies = [("letters", "0003_words_of_a_letter")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="stricter_edition",
            field=models.CharField(
                editable=False,
                help_text="A later edition that judged its decision more strictly when it was "
                "signed.",
                max_length=20,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="stricter_because",
            field=kapnet.core.encryption.fields.EncryptedTextField(
                blank=True, null=True, verbose_name="why you sign all the same"
            ),
        ),
    ]
