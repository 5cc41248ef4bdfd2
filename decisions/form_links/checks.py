"""Start-up check: the words for patients can be used (form_links.E001)."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from decisions.form_links.cards import CardsRefused, load_cards
from decisions.rules.loading import EditionRefused


def check_cards(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """form_links.E001: a question or value that the newest edition does not have."""
    try:
        load_cards()
    except CardsRefused as error:
        return [Error(str(error), hint="Correct the file named.", id="form_links.E001")]
    except EditionRefused:
        return []  # decisions.E… names what is wrong with it
    return []
