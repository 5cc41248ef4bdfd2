"""Single values that may name a patient and are kept for a while, as in a session."""

from __future__ import annotations

import json
from typing import Any

from kapnet.core.encryption.keys import UnreadableError, keyring


def seal_value(value: object) -> str:
    """A value as a token."""
    return keyring().encrypt(json.dumps(value).encode()).decode()


def open_value(token: object) -> Any:
    """The value of a token; None where there is none, or where its key was dropped since."""
    if not isinstance(token, str):
        return None
    try:
        return json.loads(keyring().decrypt(token.encode()))
    except UnreadableError:
        return None
