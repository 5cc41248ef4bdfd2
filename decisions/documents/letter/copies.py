"""Who gets a copy, and what each is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

BETWEEN = re.compile(r"[;\n]")


def copies_of(copies: str) -> Iterator[tuple[str, str]]:
    """Each name, and what its copy is for; the second is empty where nobody said it."""
    for one in filter(None, (part.strip() for part in BETWEEN.split(copies))):
        name, _, purpose = one.partition(":")
        yield name.strip(), purpose.strip()
