"""The id that another system gave a form answers for its own patient alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("follow_up", "0004_triggers")]

    operations = [
        migrations.RemoveConstraint(model_name="assessment", name="assessment_once_from_elsewhere"),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=~models.Q(external_id=""),
                fields=("case", "source", "external_id"),
                name="assessment_once_from_elsewhere",
            ),
        ),
    ]
