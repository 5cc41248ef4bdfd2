"""The hash of the words of its edition, which earlier rows do not have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("decisions", "0006_safety_tasks_stay")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="words_sha256",
            field=models.CharField(
                editable=False,
                help_text="Hash of the words of the edition; null where it was not recorded.",
                max_length=64,
                null=True,
            ),
        ),
    ]
