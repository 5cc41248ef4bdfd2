"""Every row says whose it is, and what is unique begins with that."""

from django.db import migrations

from kapnet.core.audit.migrating import BaseManagers, column_of_the_clinic, without_triggers


class Migration(migrations.Migration):
    dependencies = [("clinics", "0008_letters_with_reply_links"), ("patient", "0003_needs")]

    operations = [
        BaseManagers("patientcorrection", "patientneeds"),
        *without_triggers(
            "patient_patientcorrection",
            *column_of_the_clinic(
                "patientcorrection",
                "patient_patientcorrection",
                of=("case_id", "id"),
                parent="decisions_case",
                indexed=True,
            ),
        ),
        *column_of_the_clinic(
            "patientneeds",
            "patient_patientneeds",
            of=("case_id", "id"),
            parent="decisions_case",
            indexed=True,
        ),
    ]
