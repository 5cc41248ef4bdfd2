"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic


class Migration(migrations.Migration):
    dependencies = [("clinics", "0008_letters_with_reply_links"), ("directory", "0001_tables")]

    operations = [
        migrations.AlterModelOptions(
            name="colleague",
            options={"base_manager_name": "in_scope"},
        ),
        BaseManagers("colleague", "site"),
        *column_of_the_clinic(
            "site",
            "directory_site",
            of=("colleague_id", "id"),
            parent="directory_colleague",
            indexed=True,
        ),
    ]
