"""Start-up checks of the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from decisions.letters.checks import check_fonts, check_words


def test_words_and_fonts_are_there() -> None:
    assert check_words(None) == check_fonts(None) == []


def test_missing_font_is_a_warning_that_says_what_to_do(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path

    (warning,) = check_fonts(None)

    assert warning.id == "letters.W001"
    assert "Run script/setup" in warning.msg
