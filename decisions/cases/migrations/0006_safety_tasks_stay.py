"""A safety task is never removed, and does not change once it is closed."""

from django.db import migrations

from kapnet.core.append_only import kept


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_safety_tasks_never_fall")]

    operations = [kept("decisions_safetytask", only="OLD.closed_at IS NULL")]
