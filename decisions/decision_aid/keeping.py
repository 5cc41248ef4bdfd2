"""The sheet drawn once for a release: pages and paper are kept by all that they are made of.

Nothing of a person is in them. The key changes with the evidence, the day, the words, the settings
and the files of the program that draw them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache as shared
from django.utils import timezone

from decisions.documents.decision_aid.loading import load_sheet
from decisions.documents.decision_aid.short_loading import FILES, load_short
from decisions.pdf.render import style_text
from evidence.loading import load_dossier
from evidence.queries import newest_stamp

KEPT_FOR_SECONDS = 90 * 24 * 60 * 60
STYLE = ("sheet.css", "sheet_short.css")
DRAWN_BY = (
    *("templates/sheet/*.html", "templates/components/*.html"),
    *("decisions/decision_aid/*.py", "decisions/documents/decision_aid/*.py"),
)
SETTINGS = (
    *("SHEET_MAKER", "SHEET_MAKER_EARNS_FROM", "SHEET_PAID_BY", "SHEET_CLINIC_EARNS_FROM"),
    *("CRISIS_LINE", "LETTER_PAPER"),
)
Made = TypeVar("Made")


def keep(name: str, make: Callable[[], Made | None]) -> Made | None:
    """What was made under this name, or what is made now; None is not kept."""
    key = f"sheet:{_key(name)}"
    if (kept := shared.get(key)) is not None:
        found: Made = kept
        return found
    made = make()
    if made is not None:
        shared.set(key, made, KEPT_FOR_SECONDS)
    return made


def _key(name: str) -> str:
    stated = {one: getattr(settings, one) for one in SETTINGS}
    parts: list[Any] = [name, newest_stamp() or load_dossier().sha256, timezone.localdate()]
    parts += [stated, _program()]
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


@cache
def _program() -> str:
    """Hash of the words of the sheet and of the files that draw it."""
    root: Path = settings.BASE_DIR
    files = sorted(file for one in DRAWN_BY for file in root.glob(one))
    texts = [file.read_text(encoding="utf-8") for file in files]
    words = [load_sheet().model_dump_json(), *(load_short(one).model_dump_json() for one in FILES)]
    style = style_text(settings.LETTER_PAPER, more=STYLE)
    return hashlib.sha256("\0".join((*texts, *words, style)).encode()).hexdigest()
