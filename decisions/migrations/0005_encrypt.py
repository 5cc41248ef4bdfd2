"""What was stored in plain words is encrypted; going back decrypts it."""

from django.db import migrations

from kapnet.at_rest.migrating import encrypt_columns, index_rows
from kapnet.at_rest.rewriting import Stored


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_encrypted_fields")]

    operations = [
        encrypt_columns(
            Stored("decisions_case", "id", texts=("date_of_birth", "patient_name", "reference")),
            Stored("decisions_decision", "id", texts=("reasoning",)),
            Stored("decisions_safetytask", "id", texts=("agreed", "assessment")),
        ),
        index_rows("decisions", "case", "patient_index"),
    ]
