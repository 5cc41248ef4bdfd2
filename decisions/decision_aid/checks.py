"""Start-up checks of the patient's sheet: its words, its numbers, and who is said to earn."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from decisions.decision_aid.making import NOT_STATED, NOTHING
from decisions.documents.decision_aid.loading import SheetRefused, load_sheet
from decisions.documents.decision_aid.short_loading import FILES, load_short
from evidence.loading import DossierRefused

EARNERS = ("SHEET_MAKER_EARNS_FROM", "SHEET_CLINIC_EARNS_FROM")


def check_sheet(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """sheet.E001: the sheet cannot be used. sheet.E002: a setting names an odd option."""
    try:
        names = [option.id for option in load_sheet().options]
        for language in FILES:
            load_short(language)
    except SheetRefused as error:
        return [Error(str(error), hint="Correct the file named.", id="sheet.E001")]
    except DossierRefused:
        return []  # evidence.E… names what is wrong with it
    return [_odd(name, names) for name in EARNERS if _is_odd(getattr(settings, name), names)]


def _is_odd(said: list[str], names: list[str]) -> bool:
    return said not in ([NOTHING], [NOT_STATED]) and not set(said) <= set(names)


def _odd(setting: str, names: list[str]) -> CheckMessage:
    return Error(
        f"{setting} is {', '.join(getattr(settings, setting))!r}.",
        hint=f"Set it to {NOTHING}, {NOT_STATED}, or to some of: {', '.join(names)}.",
        id="sheet.E002",
    )
