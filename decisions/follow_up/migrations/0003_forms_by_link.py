"""A form that a patient sent keeps the link by which it came, and only such a form has one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0002_forms_that_are_known"),
        ("form_links", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="link",
            field=models.ForeignKey(
                help_text="By which the patient sent it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="form_links.formlink",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                fields=("link", "instrument"), name="assessment_once_by_a_link"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", "patient_link")) ^ models.Q(("link__isnull", True)),
                name="assessment_of_a_patient_by_a_link",
            ),
        ),
    ]
