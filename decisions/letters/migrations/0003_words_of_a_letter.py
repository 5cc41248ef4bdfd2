"""The hash of the words of its edition, which earlier rows do not have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_triggers")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="words_sha256",
            field=models.CharField(
                editable=False,
                help_text="Hash of the words it was signed in; null where it was not recorded.",
                max_length=64,
                null=True,
            ),
        ),
    ]
