"""What was stored in plain words is encrypted; going back decrypts it."""

from django.db import migrations

from kapnet.at_rest.migrating import encrypt_columns, index_rows
from kapnet.at_rest.rewriting import Stored


class Migration(migrations.Migration):
    dependencies = [("letters", "0009_encrypted_fields")]

    operations = [
        encrypt_columns(
            Stored(
                "letters_letter",
                "id",
                texts=(
                    "act_first_done",
                    "content",
                    "coordinator_name",
                    "coordinator_phone",
                    "coordinator_what",
                    "copies",
                    "goals",
                    "next_look_by",
                    "questions",
                    "reasoning",
                    "replaces_because",
                ),
                files=("pdf",),
            ),
            Stored(
                "letters_letterfacts",
                "id",
                texts=(
                    "accessibility",
                    "allergies",
                    "diagnosis_by",
                    "diagnosis_code",
                    "earlier_scores",
                    "emergency_contact",
                    "episode_start",
                    "goals",
                    "language",
                    "medical",
                    "medicines",
                    "other",
                    "patient_contact",
                    "specifier",
                    "suicide_assessed_on",
                    "suicide_method",
                    "tms_details",
                    "told",
                    "trials",
                ),
            ),
            Stored("letters_withdrawaltask", "id", texts=("note",)),
        ),
        index_rows("letters", "letter", "copies_index"),
    ]
