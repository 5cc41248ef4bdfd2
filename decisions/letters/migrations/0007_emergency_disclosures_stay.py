"""What was disclosed in a medical emergency is read and never changed or removed."""

from django.db import migrations

from kapnet.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("letters", "0006_medical_emergency")]

    operations = [append_only("letters_emergencydisclosure")]
