"""Emergency accesses and their steps are read and never changed or removed."""

from django.db import migrations

from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("emergency", "0001_tables")]

    operations = [
        append_only("emergency_emergencyaccess"),
        append_only("emergency_emergencystep"),
    ]
