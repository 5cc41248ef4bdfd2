"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers


class Migration(migrations.Migration):
    dependencies = [("clinics", "0008_letters_with_reply_links"), ("cds", "0001_tables")]

    operations = [
        migrations.AlterModelOptions(
            name="showncard",
            options={"base_manager_name": "in_scope"},
        ),
        BaseManagers("cardfeedback", "showncard"),
        migrations.RemoveConstraint(
            model_name="cardfeedback",
            name="card_feedback_once",
        ),
        migrations.AddConstraint(
            model_name="cardfeedback",
            constraint=models.UniqueConstraint(
                fields=("clinic", "card", "outcome_at"), name="card_feedback_once"
            ),
        ),
    ]
