"""A keyed index for searching words that are encrypted, by how a word begins.

For each beginning of each word there is a digest, HMAC-SHA256 under a key of its own. The database
sees digests only. They differ from clinic to clinic, stand in the order of their digits, and are
filled up with random ones, so that they tell neither words nor how many or how long they are. What
stays visible to who reads the database: that two rows of one clinic share a beginning.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from kapnet.core.encryption.keys import keyring
from kapnet.core.text import plain_letters, without_accents

LONGEST_BEGINNING = 24
"""Characters of a word that count; a longer word is found by this many."""
DIGEST_BYTES = 8
FILLED_UP_TO = 16
"""The number of digests is a multiple of this."""
LEAST_DIGITS, MOST_DIGITS = 4, 12
"""A number is found by so many of its digits, wherever they are; of a longer one, by its last.

Four: by three, a clinic of 2,000 patients with numbers of eight digits would be shown a dozen at
each search, and the thousand digests of three digits are so few that how often each comes tells
them apart."""
DIGITS = re.compile(r"\d{4,}")


class BlindIndexField(models.TextField):  # type: ignore[type-arg]
    """The digests of other fields of the row, made again whenever the row is saved whole.

    of: the fields that are searched. within: the field whose value sets clinics apart. mirror: the
    rows, by their name at the model, that hold one digest each where a list has to be quick.
    """

    def __init__(
        self,
        *args: Any,
        of: Iterable[str] = (),
        within: str = "clinic_id",
        mirror: str = "",
        **kwargs: Any,
    ) -> None:
        self.of, self.within, self.mirror = tuple(of), within, mirror
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        """For migrations, with the two arguments of its own."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "within": self.within}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The index of what the row says now."""
        index = make_index(*self.searched_in(model_instance))
        setattr(model_instance, self.attname, index)
        return index

    def is_of_newest_key(self, row: models.Model) -> bool:
        """Whether the stored index finds the row by the newest key."""
        stored = getattr(row, self.attname)
        return bool(stored) and digests_of(*self.searched_in(row)) <= set(stored.split())

    def searched_in(self, row: models.Model) -> tuple[object, list[str]]:
        """What sets clinics apart, and the texts."""
        return getattr(row, self.within), [getattr(row, name) or "" for name in self.of]


def write_mirror(row: models.Model, column: str) -> None:
    """Let the rows that mirror an index hold exactly its digests."""
    field: Any = row._meta.get_field(column)
    rows = getattr(row, field.mirror)
    wanted, there = set(getattr(row, column).split()), set(rows.values_list("digest", flat=True))
    if gone := there - wanted:
        rows.filter(digest__in=gone).delete()
    within = {field.within: getattr(row, field.within)}
    rows.bulk_create(
        rows.model(**{rows.field.name: row}, digest=one, **within) for one in sorted(wanted - there)
    )


def make_mirror(rows: Iterable[models.Model], column: BlindIndexField) -> None:
    """Store what mirrors an index of rows that are new."""
    back: Any = column.model._meta.get_field(column.mirror)
    back.related_model._base_manager.bulk_create(
        back.related_model(
            **{back.field.name: row, column.within: getattr(row, column.within)}, digest=one
        )
        for row in rows
        for one in getattr(row, column.attname).split()
    )


def make_index(within: object, texts: Iterable[str]) -> str:
    """The digests of these texts under the newest key, filled up."""
    digests = digests_of(within, texts)
    while len(digests) % FILLED_UP_TO or not digests:
        digests.add(secrets.token_hex(DIGEST_BYTES))
    return " ".join(sorted(digests))


def digests_of(within: object, texts: Iterable[str]) -> set[str]:
    """One digest for each beginning of each word."""
    key = keyring().index_keys[0]
    return {digest(key, within, one) for text in texts for one in beginnings(text)}


def searched_digests(word: str, *, within: object) -> list[str]:
    """What stands in the index of a row with a word that begins as this one, one for each key.

    Rows that were indexed before letters were written plainly are found as they are written.
    """
    spelled = dict.fromkeys((letters_of(word), "".join(_spelled_parts(word))))
    asked = [one[:LONGEST_BEGINNING] for one in spelled if one]
    return [digest(key, within, one) for one in asked for key in keyring().index_keys]


def digest(key: bytes, within: object, beginning: str) -> str:
    """The digest of one beginning, in hexadecimal digits."""
    said = f"{within}:{beginning}".encode()
    return hmac.digest(key, said, "sha256")[:DIGEST_BYTES].hex()


def beginnings(text: str) -> Iterator[str]:
    """Every beginning of every word: of O'Brien as obrien, as o and as brien.

    Of a number also what begins within it: 00412345 is found by 2345.
    """
    for word in text.split():
        whole = letters_of(word)
        for part in {whole, *_parts_of(word)}:
            for end in range(1, min(len(part), LONGEST_BEGINNING) + 1):
                yield part[:end]
        for number in DIGITS.findall(whole):
            yield from _within(number[-MOST_DIGITS:])


def _within(number: str) -> Iterator[str]:
    for start in range(len(number) - LEAST_DIGITS + 1):
        for end in range(start + LEAST_DIGITS, len(number) + 1):
            yield number[start:end]


def letters_of(word: str) -> str:
    """Letters and digits without case and accents, as they are compared."""
    return "".join(_parts_of(word))


def _parts_of(word: str) -> list[str]:
    return _words_in(plain_letters(word))


def _spelled_parts(word: str) -> list[str]:
    return _words_in(without_accents(word))


def _words_in(text: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in text).split()
