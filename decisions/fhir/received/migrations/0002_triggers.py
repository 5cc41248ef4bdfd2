"""What came in stays as it was said; a proposal changes once, when somebody decides."""

from django.db import migrations

from kapnet.core.append_only import append_only, kept

PROPOSED = (
    *("id", "clinic_id", "case_id", "received_id", "question", "said", "value", "said_on"),
    "resource",
)


def same(columns: tuple[str, ...]) -> str:
    """The columns say what they said."""
    return " AND ".join(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in columns)


class Migration(migrations.Migration):
    dependencies = [("received", "0001_tables")]

    operations = [
        append_only("received_received"),
        kept("received_proposedanswer", only=f"OLD.state = 'open' AND {same(PROPOSED)}"),
    ]
