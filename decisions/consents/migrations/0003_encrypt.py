"""What was stored in plain words is encrypted; going back decrypts it."""

from django.db import migrations

from kapnet.at_rest.migrating import encrypt_columns
from kapnet.at_rest.rewriting import Stored


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_encrypted_fields")]

    operations = [
        encrypt_columns(
            Stored(
                "consents_consent",
                "id",
                texts=(
                    "expires_with",
                    "purpose",
                    "recipient",
                    "reference",
                    "revoked_because",
                    "scope",
                    "signed_by",
                ),
            ),
        ),
    ]
