"""What every frozen model of the domain shares."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Frozen(BaseModel):
    """A value that refuses unknown fields and cannot be changed once built."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def sha256_of(content: object) -> str:
    """SHA-256 (64 hexadecimal digits) over the sorted-key, compact JSON of plain data."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
