"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinics", "0008_letters_with_reply_links"),
        ("decisions", "0015_safety_tasks_from_systems"),
    ]

    operations = [
        BaseManagers("answer", "case", "decision", "editionmove", "namedigest", "safetytask"),
        migrations.RemoveConstraint(
            model_name="answer",
            name="answer_once_a_question",
        ),
        *column_of_the_clinic(
            "answer", "decisions_answer", of=("case_id", "id"), parent="decisions_case"
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("clinic", "case", "question"), name="answer_once_a_question"
            ),
        ),
        *without_triggers(
            "decisions_decision",
            migrations.RemoveConstraint(
                model_name="decision",
                name="decision_number_unique",
            ),
            *column_of_the_clinic(
                "decision", "decisions_decision", of=("case_id", "id"), parent="decisions_case"
            ),
            migrations.AddConstraint(
                model_name="decision",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "case", "number"), name="decision_number_unique"
                ),
            ),
        ),
        *without_triggers(
            "decisions_editionmove",
            migrations.RemoveConstraint(
                model_name="editionmove",
                name="case_moved_once",
            ),
            *column_of_the_clinic(
                "editionmove",
                "decisions_editionmove",
                of=("case_id", "id"),
                parent="decisions_case",
            ),
            migrations.AddConstraint(
                model_name="editionmove",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "case", "to_edition"), name="case_moved_once"
                ),
            ),
        ),
        *without_triggers(
            "decisions_safetytask",
            migrations.RemoveConstraint(
                model_name="safetytask",
                name="safety_task_one_open_a_case",
            ),
            *column_of_the_clinic(
                "safetytask",
                "decisions_safetytask",
                of=("case_id", "id"),
                parent="decisions_case",
                indexed=True,
            ),
            migrations.AddConstraint(
                model_name="safetytask",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("closed_at__isnull", True)),
                    fields=("clinic", "case"),
                    name="safety_task_one_open_a_case",
                ),
            ),
        ),
    ]
