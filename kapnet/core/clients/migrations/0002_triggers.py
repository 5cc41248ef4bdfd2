"""What was decided about a client stays as it was decided."""

from django.db import migrations

from kapnet.core.append_only import kept

SAME = " AND ".join(
    f"NEW.{one} = OLD.{one}"
    for one in ("id", "clinic_id", "client_id", "reason", "asked_at", "asked_by_id")
)


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_tables")]

    operations = [kept("clients_agreement", only=f"OLD.state = 'asked' AND {SAME}")]
