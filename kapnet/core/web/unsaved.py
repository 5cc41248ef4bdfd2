"""What somebody typed and left behind: kept for them alone, until Back or a reload brings it back.

Browsers keep nothing of these pages. It is in the shared cache, encrypted, and goes by itself.
"""

from __future__ import annotations

import json
from hashlib import sha256

from django.core.cache import cache

from kapnet.core.encryption.values import open_value, seal_value
from kapnet.core.people.models import User
from kapnet.core.web.posted_fields import NEVER_KEPT

KEPT_FOR_SECONDS = 30 * 60
LONGEST_KEPT_CHARACTERS = 100_000
LONGEST_PAGE = 300
Field = tuple[int, str, str]
"""Which form of the page, the name of a control, and its value."""


def keep_unsaved(person: User, page: str, fields: list[Field]) -> None:
    """Keep what was typed on a page in place of what was kept of it; nothing forgets that."""
    if not fields:
        cache.delete(_key(person, page))
        return
    cache.set(_key(person, page), seal_value(fields), KEPT_FOR_SECONDS)


def unsaved_of(person: User, page: str) -> list[Field]:
    """What was kept of a page; nothing where there is none, or its time is over."""
    found: list[Field] | None = open_value(cache.get(_key(person, page)))
    return found or []


def is_too_long(text: str) -> bool:
    """Whether a page sends more than is kept."""
    return len(text) > LONGEST_KEPT_CHARACTERS


def read_fields(text: str) -> list[Field]:
    """The fields that a page sends, without passwords and codes; nothing where they are none."""
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [tuple(one) for one in sent if _is_kept(one)] if isinstance(sent, list) else []


def _is_kept(sent: object) -> bool:
    if not isinstance(sent, list) or len(sent) != 3:
        return False
    place, name, value = sent
    is_field = type(place) is int and isinstance(name, str) and isinstance(value, str)
    return is_field and name not in NEVER_KEPT


def _key(person: User, page: str) -> str:
    return f"unsaved:{person.pk}:{sha256(page[:LONGEST_PAGE].encode(errors='replace')).hexdigest()}"
