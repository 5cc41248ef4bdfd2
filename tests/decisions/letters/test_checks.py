"""Start-up checks of the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from decisions.letters import checks
from decisions.letters.checks import check_fonts, check_libraries, check_words


def test_words_fonts_and_libraries_are_there() -> None:
    assert check_words(None) == check_fonts(None) == check_libraries(None) == []


def test_missing_font_is_a_warning_that_says_what_to_do(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path

    (warning,) = check_fonts(None)

    assert warning.id == "letters.W001"
    assert "Run script/setup" in warning.msg


def test_missing_library_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", ("libc.so.6", "libnowhere.so.0"))

    (error,) = check_libraries(None)

    assert error.id == "letters.E003"
    assert error.msg.startswith("libnowhere.so.0 is missing")
