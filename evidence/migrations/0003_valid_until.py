"""The last day on which a source or caution holds, as of a temporary rule."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_triggers"),
    ]

    operations = [
        migrations.AddField(
            model_name="caution",
            name="valid_until",
            field=models.DateField(
                blank=True,
                help_text="The last day on which it holds; open where none is set.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="historicalcaution",
            name="valid_until",
            field=models.DateField(
                blank=True,
                help_text="The last day on which it holds; open where none is set.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="historicalsource",
            name="valid_until",
            field=models.DateField(
                blank=True,
                help_text="The last day on which it holds; open where none is set.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="valid_until",
            field=models.DateField(
                blank=True,
                help_text="The last day on which it holds; open where none is set.",
                null=True,
            ),
        ),
    ]
