"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("form_links", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("letters", "0010_copies_by_index"),
        ("decisions", "0016_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        ("follow_up", "0005_forms_of_their_case"),
    ]

    operations = [
        BaseManagers(
            "adverseevent", "assessment", "cohortreport", "course", "dueform", "followupend"
        ),
        *without_triggers(
            "follow_up_assessment",
            migrations.RemoveConstraint(
                model_name="assessment",
                name="assessment_once_by_a_link",
            ),
            migrations.RemoveConstraint(
                model_name="assessment",
                name="assessment_once_from_elsewhere",
            ),
            migrations.AddConstraint(
                model_name="assessment",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("external_id", ""), _negated=True),
                    fields=("clinic", "case", "source", "external_id"),
                    name="assessment_once_from_elsewhere",
                ),
            ),
            migrations.AddConstraint(
                model_name="assessment",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "link", "instrument"), name="assessment_once_by_a_link"
                ),
            ),
        ),
        migrations.RemoveConstraint(
            model_name="course",
            name="course_one_running_an_option",
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("clinic", "case", "option"),
                name="course_one_running_an_option",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="dueform",
            name="due_form_once",
        ),
        migrations.AddConstraint(
            model_name="dueform",
            constraint=models.UniqueConstraint(
                fields=("clinic", "course", "instrument", "target_on"), name="due_form_once"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="followupend",
            name="follow_up_ends_once_a_case",
        ),
        migrations.AddConstraint(
            model_name="followupend",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at", None)),
                fields=("clinic", "case"),
                name="follow_up_ends_once_a_case",
            ),
        ),
    ]
