import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("history", "0001_tables")]

    operations = [
        migrations.AddField(
            model_name="historyrow",
            name="taken_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The row of an earlier episode that it was taken over from.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="history.historyrow",
            ),
        ),
    ]
