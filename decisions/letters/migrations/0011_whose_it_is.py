"""Every row says whose it is, and what is unique begins with that."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0003_whose_it_is"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("directory", "0002_whose_it_is"),
        ("evidence", "0004_dois_in_one_spelling"),
        ("decisions", "0016_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        ("letters", "0010_copies_by_index"),
    ]

    operations = [
        BaseManagers(
            "copydigest", "emergencydisclosure", "letter", "letterfacts", "lettertask", "seal"
        ),
        *without_triggers(
            "letters_emergencydisclosure",
            *column_of_the_clinic(
                "emergencydisclosure",
                "letters_emergencydisclosure",
                of=("letter_id", "id"),
                parent="letters_letter",
                indexed=True,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="letter",
            name="letter_replaced_once",
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", False), ("status", "signed")),
                fields=("clinic", "replaces"),
                name="letter_replaced_once",
            ),
        ),
        *column_of_the_clinic(
            "letterfacts", "letters_letterfacts", of=("case_id", "id"), parent="decisions_case"
        ),
        migrations.AlterField(
            model_name="letterfacts",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letter_facts",
                to="decisions.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterfacts",
            constraint=models.UniqueConstraint(
                fields=("clinic", "case"), name="letter_facts_once_a_case"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="lettertask",
            name="letter_task_one_open_an_entry",
        ),
        *column_of_the_clinic(
            "lettertask",
            "letters_withdrawaltask",
            of=("letter_id", "id"),
            parent="letters_letter",
            indexed=True,
        ),
        migrations.AddConstraint(
            model_name="lettertask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("clinic", "letter", "reason", "entry_kind", "entry_key"),
                name="letter_task_one_open_an_entry",
            ),
        ),
        *without_triggers(
            "letters_seal",
            *column_of_the_clinic(
                "seal", "letters_seal", of=("letter_id", "id"), parent="letters_letter"
            ),
            migrations.AlterField(
                model_name="seal",
                name="code",
                field=models.CharField(max_length=12),
            ),
            migrations.AlterField(
                model_name="seal",
                name="identifier",
                field=models.CharField(max_length=32),
            ),
            migrations.AlterField(
                model_name="seal",
                name="letter",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="seal",
                    to="letters.letter",
                ),
            ),
            migrations.AddConstraint(
                model_name="seal",
                constraint=models.UniqueConstraint(
                    fields=("clinic", "letter"), name="seal_once_a_letter"
                ),
            ),
            migrations.AddConstraint(
                model_name="seal",
                constraint=models.UniqueConstraint(
                    fields=("code", "clinic"), name="seal_code_once"
                ),
            ),
            migrations.AddConstraint(
                model_name="seal",
                constraint=models.UniqueConstraint(
                    fields=("identifier", "clinic"), name="seal_identifier_once"
                ),
            ),
        ),
    ]
