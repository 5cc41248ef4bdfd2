"""When a letter was signed, with its delivery: the queue is then read in the order of an index."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery
from django_scopes import scopes_disabled


@scopes_disabled()
def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    """Of every delivery; no letter is on the desk that was not signed."""
    deliveries, letters = apps.get_model("desk", "Delivery"), apps.get_model("letters", "Letter")
    signed_at = letters.objects.filter(pk=OuterRef("pk")).values("signed_at")
    deliveries.objects.update(signed_at=Subquery(signed_at))


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_steps_by_programs"),
        ("letters", "0010_copies_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="signed_at",
            field=models.DateTimeField(
                editable=False, help_text="As of the letter, to sort by.", null=True
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="delivery",
            name="signed_at",
            field=models.DateTimeField(editable=False, help_text="As of the letter, to sort by."),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status", "done"), _negated=True),
                fields=["clinic", "due_on", "-signed_at"],
                name="delivery_queue",
            ),
        ),
    ]
