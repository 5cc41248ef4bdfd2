"""Letters are found by those who get copies through rows of their own, and by whom they are to."""

from itertools import islice

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django_scopes import scopes_disabled

AT_ONCE = 500


@scopes_disabled()
def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    """In every clinic."""
    letters, copies = (apps.get_model("letters", name) for name in ("Letter", "CopyDigest"))
    found = letters.objects.values_list("pk", "clinic_id", "copies_index").order_by("pk")
    rows = (
        copies(letter_id=letter, clinic_id=clinic, digest=one)
        for letter, clinic, index in found.iterator(AT_ONCE)
        for one in (index or "").split()
    )
    while some := list(islice(rows, AT_ONCE)):
        copies.objects.bulk_create(some)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_letters_with_reply_links"),
        ("letters", "0009_made_by_a_form"),
    ]

    operations = [
        migrations.CreateModel(
            name="CopyDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=16)),
                (
                    "clinic",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copy_digests",
                        to="letters.letter",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="copydigest",
            constraint=models.UniqueConstraint(
                fields=("clinic", "digest", "letter"), name="copy_digest_once_a_letter"
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("status", "signed")),
                fields=["clinic", "recipient_name"],
                name="letter_to_name",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("status", "signed")),
                fields=["clinic", "recipient_organization"],
                name="letter_to_organization",
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
    ]
