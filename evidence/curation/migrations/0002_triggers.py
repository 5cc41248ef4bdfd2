"""Steps, comments and readings are made and read, never changed; the database sees to it."""

from django.db import migrations

from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("curation", "0001_tables")]

    operations = [
        append_only("curation_changestep"),
        append_only("curation_changecomment"),
        append_only("curation_reading"),
    ]
