"""The database itself refuses to change or remove an audit event."""

from django.db import migrations

from kapnet.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [append_only("audit_event")]
