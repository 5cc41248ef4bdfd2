"""Every row says whose it is, and what is unique begins with that."""

from django.conf import settings
from django.db import migrations, models

from kapnet.core.audit.migrating import BaseManagers


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0016_whose_it_is"),
        ("clinics", "0008_letters_with_reply_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("smart", "0001_tables"),
    ]

    operations = [
        BaseManagers("ehridentity", "ehrissuer", "ehrpatient"),
        migrations.RemoveConstraint(
            model_name="ehridentity",
            name="ehr_identity_is_one",
        ),
        migrations.RemoveConstraint(
            model_name="ehridentity",
            name="ehr_identity_once_a_person",
        ),
        migrations.AddConstraint(
            model_name="ehridentity",
            constraint=models.UniqueConstraint(
                fields=("clinic", "issuer", "fhir_user"), name="ehr_identity_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="ehridentity",
            constraint=models.UniqueConstraint(
                fields=("clinic", "issuer", "user"), name="ehr_identity_once_a_person"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="ehrpatient",
            name="ehr_patient_is_one",
        ),
        migrations.RemoveConstraint(
            model_name="ehrpatient",
            name="ehr_patient_once_a_case",
        ),
        migrations.AddConstraint(
            model_name="ehrpatient",
            constraint=models.UniqueConstraint(
                fields=("clinic", "issuer", "patient_sha256"), name="ehr_patient_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="ehrpatient",
            constraint=models.UniqueConstraint(
                fields=("clinic", "issuer", "case"), name="ehr_patient_once_a_case"
            ),
        ),
    ]
