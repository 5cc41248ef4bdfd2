"""Letters that were signed before there was a desk wait on it, ready to send and without a date."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def put_on_desk(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """One delivery for each signed letter that has none."""
    letters = apps.get_model("letters", "Letter")
    deliveries = apps.get_model("desk", "Delivery")
    signed = letters.objects.filter(status="signed", delivery__isnull=True)
    for letter_id, clinic_id in signed.values_list("pk", "clinic_id"):
        deliveries.objects.create(letter_id=letter_id, clinic_id=clinic_id)


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_steps_stay")]
    operations = [migrations.RunPython(put_on_desk, migrations.RunPython.noop)]
