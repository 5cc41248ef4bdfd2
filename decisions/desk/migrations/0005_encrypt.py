"""What was stored in plain words is encrypted; going back decrypts it."""

from django.db import migrations

from kapnet.at_rest.migrating import encrypt_columns
from kapnet.at_rest.rewriting import Stored


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_encrypted_fields")]

    operations = [
        encrypt_columns(
            Stored("desk_deliverystep", "id", texts=("note", "proof")),
            Stored("desk_export", "id", texts=(), files=("file",)),
        ),
    ]
