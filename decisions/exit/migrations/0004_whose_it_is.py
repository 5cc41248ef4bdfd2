"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_letters_with_reply_links"),
        ("clients", "0003_whose_it_is"),
        ("audit", "0002_triggers"),
        ("exit", "0003_what_was_not_written"),
    ]

    operations = [
        BaseManagers("bulkfile", "bulkjob", "enteredchain", "enteredlink", "exit", "exitpart"),
        migrations.RemoveConstraint(
            model_name="bulkfile",
            name="bulk_file_once_a_name",
        ),
        *column_of_the_clinic(
            "bulkfile", "exit_bulkfile", of=("job_id", "id"), parent="exit_bulkjob"
        ),
        migrations.AddConstraint(
            model_name="bulkfile",
            constraint=models.UniqueConstraint(
                fields=("clinic", "job", "run", "name"), name="bulk_file_once_a_name"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="bulkjob",
            name="bulk_job_one_runs_a_client",
        ),
        migrations.AddConstraint(
            model_name="bulkjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("clinic", "client"),
                name="bulk_job_one_runs_a_client",
            ),
        ),
        *without_triggers(
            "exit_enteredlink",
            migrations.RemoveConstraint(
                model_name="enteredlink",
                name="entered_link_once",
            ),
            *column_of_the_clinic(
                "enteredlink", "exit_enteredlink", of=("chain_id", "id"), parent="exit_enteredchain"
            ),
            migrations.AddConstraint(
                model_name="enteredlink",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "chain", "sequence"), name="entered_link_once"
                ),
            ),
        ),
        migrations.RemoveConstraint(
            model_name="exitpart",
            name="exit_part_once_a_place",
        ),
        *column_of_the_clinic(
            "exitpart", "exit_exitpart", of=("exit_id", "id"), parent="exit_exit"
        ),
        migrations.AddConstraint(
            model_name="exitpart",
            constraint=models.UniqueConstraint(
                fields=("clinic", "exit", "run", "place"), name="exit_part_once_a_place"
            ),
        ),
    ]
