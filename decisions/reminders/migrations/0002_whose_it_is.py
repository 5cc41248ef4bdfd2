"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations

from kapnet.core.audit.migrating import BaseManagers


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_tables")]

    operations = [
        BaseManagers("done", "reminder"),
    ]
