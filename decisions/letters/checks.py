"""Start-up checks of the letter: its words fit the edition, what draws it is there."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from django.core.checks import CheckMessage, Error, Warning

from decisions.cases.checks import check_each_edition
from decisions.documents.letter.loading import WordingRefused, load_words
from decisions.letters.archive_copy import CertificateRefused, is_offered, load_certificate
from decisions.pdf.pool import LetterCannotBeDrawnError
from decisions.pdf.render import find_fonts

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
"""What the PDF worker draws with, as Linux calls it. The server itself never loads it."""


def check_words(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """letters.E001: the words of the letter of an edition cannot be used."""
    return check_each_edition(load_words, WordingRefused, "letters.E001")


def check_fonts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """letters.W001: a font is missing; everything but drawing letters works without it."""
    try:
        find_fonts()
    except LetterCannotBeDrawnError as error:
        return [Warning(str(error), id="letters.W001")]
    return []


def check_libraries(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """letters.E003: the PDF worker could draw nothing."""
    if sys.platform != "linux":
        return []
    return [
        Error(
            f"{name} is missing: no letter could be drawn.",
            hint="Run script/setup, which installs it.",
            id="letters.E003",
        )
        for name in LIBRARIES
        if not _can_be_loaded(name)
    ]


def _can_be_loaded(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_archive(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """letters.E002: a certificate for archival copies is set and cannot be used."""
    if not is_offered():
        return []
    try:
        load_certificate()
    except CertificateRefused as error:
        return [Error(str(error), hint="Correct it, or leave it empty.", id="letters.E002")]
    return []
