"""Everything that is encrypted, written again under the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django_scopes import scopes_disabled

from kapnet.core.encryption.blind_index import BlindIndexField
from kapnet.core.encryption.fields import Encrypted, EncryptedBinaryField
from kapnet.core.encryption.indexing import renew_index
from kapnet.core.encryption.keys import UnreadableError, keyring
from kapnet.core.encryption.rewriting import Stored, rewrite


@dataclass(frozen=True)
class Renewed:
    """What was written again in one table."""

    table: str
    values: int


def encrypted_tables() -> Iterator[Stored]:
    """Every table of the models with encrypted columns."""
    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, Encrypted)]
        files = tuple(str(one.column) for one in fields if isinstance(one, EncryptedBinaryField))
        texts = tuple(str(one.column) for one in fields if one.column not in files)
        if fields:
            yield Stored(model._meta.db_table, str(model._meta.pk.column), texts, files)


def renew_everything() -> Iterator[Renewed]:
    """Write all of it again under the newest key; what is so already is left as it is.

    Works while people work, and goes on where it was cut off. Raises UnreadableError.
    """
    with scopes_disabled():
        for stored in encrypted_tables():
            yield Renewed(stored.table, rewrite(connection, stored, keyring().renew))
        for model, field in _indexes():
            renewed = renew_index(connection, model, field)
            yield Renewed(f"{model._meta.db_table}, {field.column}", renewed)


def keys_fit() -> bool:
    """Whether the first value that is found opens with the keys; true for an empty database."""
    with scopes_disabled(), connection.cursor() as cursor:
        for stored in encrypted_tables():
            for column in stored.texts:
                cursor.execute(
                    f'SELECT "{column}" FROM "{stored.table}" '  # noqa: S608 - names of models
                    f"WHERE \"{column}\" <> '' LIMIT 1"
                )
                if found := cursor.fetchone():
                    return _opens(found[0])
    return True


def _opens(token: str) -> bool:
    try:
        keyring().decrypt(token.encode())
    except UnreadableError:
        return False
    return True


def _indexes() -> Iterator[tuple[type[Model], BlindIndexField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, BlindIndexField):
                yield model, field
