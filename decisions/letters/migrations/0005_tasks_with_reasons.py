"""Tasks about withdrawn evidence become tasks with a reason: a later edition can open one, too."""

import django.db.models.deletion
from django.db import migrations, models

CLOSED_AS = [
    ("seen", "Seen, with a note"),
    ("replaced", "A correction replaced the letter"),
    ("restored", "The evidence counts again"),
    ("eased", "The edition after it is not stricter"),
]
REASONS = [
    ("withdrawn", "Evidence was withdrawn"),
    ("stricter", "A later edition is stricter"),
]
KINDS = [(one, one) for one in ("source", "position", "caution", "claim")]

HAS_REASON = (
    models.Q(
        changes__isnull=True,
        edition_release__isnull=True,
        reason="withdrawn",
        release__isnull=False,
    )
    & ~models.Q(entry_kind="")
    & ~models.Q(source_key="")
) | models.Q(
    changes__isnull=False,
    edition_release__isnull=False,
    entry_kind="",
    reason="stricter",
    release__isnull=True,
)
SEEN_WITH_A_NOTE = (
    models.Q(closed_as="", closed_at__isnull=True, closed_by__isnull=True)
    | models.Q(closed_as__in=["replaced", "restored", "eased"], closed_at__isnull=False)
    | (
        models.Q(closed_as="seen", closed_at__isnull=False, closed_by__isnull=False)
        & ~models.Q(note="")
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0011_releases_of_editions"),
        ("letters", "0004_stricter_edition_of_a_letter"),
    ]

    operations = [
        # The table keeps its name: a rename would leave its indexes with the old one.
        migrations.AlterModelTable("WithdrawalTask", "letters_withdrawaltask"),
        migrations.RenameModel("WithdrawalTask", "LetterTask"),
        migrations.RemoveConstraint("LetterTask", "withdrawal_task_one_open_an_entry"),
        migrations.RemoveConstraint("LetterTask", "withdrawal_task_seen_with_a_note"),
        migrations.AddField(
            model_name="lettertask",
            name="reason",
            field=models.CharField(choices=REASONS, default="withdrawn", max_length=9),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="lettertask",
            name="changes",
            field=models.JSONField(help_text="OutcomeChanges as JSON", null=True),
        ),
        migrations.AddField(
            model_name="lettertask",
            name="edition_release",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letter_tasks",
                to="decisions.editionrelease",
            ),
        ),
        migrations.AlterField(
            model_name="lettertask",
            name="letter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="letters.letter",
            ),
        ),
        migrations.AlterField(
            model_name="lettertask",
            name="release",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.release",
            ),
        ),
        migrations.AlterField(
            model_name="lettertask",
            name="entry_kind",
            field=models.CharField(blank=True, choices=KINDS, max_length=10),
        ),
        migrations.AlterField(
            model_name="lettertask",
            name="source_key",
            field=models.CharField(
                blank=True,
                help_text="The page that tells more of withdrawn evidence.",
                max_length=80,
            ),
        ),
        migrations.AlterField(
            model_name="lettertask", name="label", field=models.TextField(blank=True)
        ),
        migrations.AlterField(
            model_name="lettertask",
            name="closed_as",
            field=models.CharField(blank=True, choices=CLOSED_AS, max_length=8),
        ),
        migrations.AddConstraint(
            model_name="lettertask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("letter", "reason", "entry_kind", "entry_key"),
                name="letter_task_one_open_an_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettertask",
            constraint=models.CheckConstraint(condition=HAS_REASON, name="letter_task_has_reason"),
        ),
        migrations.AddConstraint(
            model_name="lettertask",
            constraint=models.CheckConstraint(
                condition=SEEN_WITH_A_NOTE, name="letter_task_seen_with_a_note"
            ),
        ),
    ]
