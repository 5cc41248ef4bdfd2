"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phrases", "0001_tables")]

    operations = [
        *(
            migrations.AlterModelManagers(
                name, [("objects", models.Manager()), ("in_scope", models.Manager())]
            )
            for name in ("phrase",)
        ),
    ]
