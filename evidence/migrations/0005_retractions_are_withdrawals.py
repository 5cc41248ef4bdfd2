"""Move what was retracted into the columns that all kinds of withdrawal share."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def move(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for source in apps.get_model("evidence", "Source").objects.filter(retracted_at__isnull=False):
        source.withdrawn_as = "retracted"
        source.withdrawn_on = source.retracted_at.date()
        source.withdrawal_reason = source.retraction_reason
        source.save(update_fields=["withdrawn_as", "withdrawn_on", "withdrawal_reason"])


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_withdrawals")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
