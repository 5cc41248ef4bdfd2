"""Number the releases that are there, in the order in which they were made."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def number(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    release = apps.get_model("evidence", "Release")
    for place, pk in enumerate(release.objects.order_by("pk").values_list("pk", flat=True), 1):
        release.objects.filter(pk=pk).update(number=place)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_releases_are_numbered")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
