from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinics", "0002_shared_cache")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="announced_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When the clinic was told that this person reads its cases.",
                null=True,
            ),
        ),
    ]
