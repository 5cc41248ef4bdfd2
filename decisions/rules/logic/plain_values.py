"""Values that people write: tidied text, and facts that may be asked for without an answer."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

from pydantic import BeforeValidator

from kapnet.core.text import without_hidden


def tidy(raw: object) -> object:
    """Text without control characters, and without characters that turn or hide other text.

    Line breaks stay. Letters with separate accents become one character each (NFC).
    """
    if not isinstance(raw, str):
        return raw
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", without_hidden(lines)).strip()


Plain = Annotated[str, BeforeValidator(tidy)]
"""Text by people: tidied, and empty where nothing was written."""

YesNo = Literal["", "yes", "no", "not_known"]
"""A fact that was asked for; empty while nobody has said anything."""
