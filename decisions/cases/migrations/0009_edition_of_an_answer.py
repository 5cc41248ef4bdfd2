"""By which edition an answer was asked: empty until the next migration fills it in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("decisions", "0008_moves_of_a_case")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="edition",
            field=models.CharField(default="", help_text="By which it was asked.", max_length=20),
            preserve_default=False,
        ),
    ]
