"""Start-up check: the words for other record systems fit the current edition."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from decisions.cds.words import HookWordsRefused, hook_words
from decisions.rules.loading import EditionRefused


def check_hook_words(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """cds.E001: hooks.yaml of the current edition cannot be used."""
    try:
        hook_words()
    except HookWordsRefused as refused:
        return [Error(str(refused), hint="Correct the file named.", id="cds.E001")]
    except EditionRefused:
        pass  # decisions.E… name what is wrong with the edition
    return []
