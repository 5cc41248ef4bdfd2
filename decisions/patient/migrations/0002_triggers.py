"""What was there before a correction is read and never changed or removed."""

from django.db import migrations

from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("patient", "0001_tables")]

    operations = [append_only("patient_patientcorrection")]
