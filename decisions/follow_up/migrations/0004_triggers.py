"""Nothing is removed. A form, event or end changes once: when it is voided. A report never."""

from django.db import migrations

from kapnet.core.append_only import append_only, kept

FORM = (
    *("id", "clinic_id", "case_id", "instrument", "edition", "taken_on", "authored_at", "items"),
    *("total", "item9", "source", "entered_by_id", "external_id", "link_id"),
)
EVENT = (
    *("id", "clinic_id", "course_id", "happened_on", "kind", "is_serious", "text"),
    *("noted_at", "noted_by_id"),
)
END = ("id", "clinic_id", "case_id", "ended_on", "kind", "noted_at", "noted_by_id")
COURSE = ("id", "clinic_id", "case_id", "made_at", "made_by_id")


def same(columns: tuple[str, ...]) -> str:
    """The columns say what they said."""
    return " AND ".join(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in columns)


def is_voided(columns: tuple[str, ...]) -> str:
    """It was not voided, is now, and says otherwise what it said."""
    return f"OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL AND {same(columns)}"


class Migration(migrations.Migration):
    dependencies = [("follow_up", "0003_forms_by_link")]

    operations = [
        kept("follow_up_assessment", only=is_voided(FORM)),
        kept("follow_up_adverseevent", only=is_voided(EVENT)),
        kept("follow_up_followupend", only=is_voided(END)),
        kept("follow_up_course", only=f"NEW.version = OLD.version + 1 AND {same(COURSE)}"),
        append_only("follow_up_cohortreport"),
    ]
