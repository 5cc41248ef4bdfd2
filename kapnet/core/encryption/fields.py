"""Fields of models that are encrypted on their way into the database and decrypted on the way out.

An empty text stays empty and NULL stays NULL, so that constraints can tell whether something was
said. Nothing else can be asked of such a column: a query that compares it is refused, since the
same text is encrypted to another token each time.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, IsNull

from kapnet.core.encryption.keys import keyring

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field


class ExactlyEmpty(Exact):
    """Whether nothing was written: the one comparison that needs no key."""

    def get_prep_lookup(self) -> str:
        """Refuses every other value."""
        if self.rhs != "":
            raise FieldError("An encrypted field can be compared with nothing but an empty text.")
        return ""


class Encrypted(Field):
    """What the encrypted fields share: a column of text that holds tokens."""

    def get_internal_type(self) -> str:
        return "TextField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Whether it is null, or empty; nothing else."""
        return {"isnull": IsNull, "exact": ExactlyEmpty}.get(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        """None: the database sees no parts."""
        return None

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """The token of a value, for an insert or an update."""
        if value is None or value == "":
            return value
        return keyring().encrypt(self.to_plain(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        """The value of a token. Raises UnreadableError, and never gives an empty value instead."""
        if value is None or value == "":
            return value
        return self.from_plain(keyring().decrypt(value.encode()).decode())

    def to_plain(self, value: Any) -> str:
        """The text that is encrypted."""
        return str(self.to_python(value))

    def from_plain(self, plain: str) -> Any:
        """The value that the text stands for."""
        return plain


class EncryptedCharField(Encrypted, models.CharField):  # type: ignore[type-arg]
    """A short text; max_length counts its characters, not those of the token."""


class EncryptedTextField(Encrypted, models.TextField):  # type: ignore[type-arg]
    """A long text."""


class EncryptedDateField(Encrypted, models.DateField):  # type: ignore[type-arg]
    """A day."""

    def to_plain(self, value: Any) -> str:
        """As 1984-03-27."""
        return date.isoformat(self.to_python(value))

    def from_plain(self, plain: str) -> date:
        """The day."""
        return date.fromisoformat(plain)


class EncryptedJSONField(Encrypted, models.JSONField):
    """Plain data."""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """An empty text is a value here, too."""
        if value is None:
            return None
        return keyring().encrypt(self.to_plain(value).encode()).decode()

    def to_plain(self, value: Any) -> str:
        """JSON."""
        return json.dumps(value, cls=self.encoder, ensure_ascii=False, separators=(",", ":"))

    def from_plain(self, plain: str) -> Any:
        """The data."""
        return json.loads(plain, cls=self.decoder)


class EncryptedBinaryField(Encrypted, models.BinaryField):  # type: ignore[type-arg]
    """Bytes, such as those of a PDF; the column holds the bytes of the token."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """The token of some bytes."""
        token = None if value is None else keyring().encrypt(bytes(value))
        return self.get_db_prep_value(token, connection)

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:
        """The bytes of a token. Raises UnreadableError."""
        return None if value is None else keyring().decrypt(bytes(value))
