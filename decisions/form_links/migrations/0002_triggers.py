"""A link that has ended and a proposal that was decided on stay as they are; nothing is removed."""

from django.db import migrations

from kapnet.core.append_only import kept

LINK = ("id", "clinic_id", "case_id", "edition", "made_at", "made_by_id", "read_within_days")
PROPOSAL = ("id", "clinic_id", "case_id", "link_id", "question", "asked", "said", "stated_at")


def same(columns: tuple[str, ...]) -> str:
    """The columns say what they said."""
    return " AND ".join(f"NEW.{one} = OLD.{one}" for one in columns)


class Migration(migrations.Migration):
    dependencies = [("form_links", "0001_tables")]

    operations = [
        kept("form_links_formlink", only=f"OLD.state IN ('waiting', 'opened') AND {same(LINK)}"),
        kept("form_links_proposal", only=f"OLD.state = 'open' AND {same(PROPOSAL)}"),
    ]
