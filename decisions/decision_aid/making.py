"""Who made the sheet, who paid for it and who earns, as this installation states it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from decisions.cases.page_frame import say_day
from decisions.documents.decision_aid.sheet import Sheet

NOTHING, NOT_STATED = "nothing", "not_stated"
"""What a setting says in place of options."""

NOBODY = "nobody"


def say_making(sheet: Sheet, *, release: str) -> Iterator[str]:
    """Date, version, when it is looked at again, and the money behind it."""
    made = sheet.made
    yield made.dates.format(version=sheet.version_name, dated=say_day(sheet.dated), release=release)
    yield made.policy.format(next_review=say_day(sheet.next_review))
    yield made.maker.format(maker=settings.SHEET_MAKER)
    yield _earns(
        settings.SHEET_MAKER_EARNS_FROM,
        sheet,
        (made.maker_earns, made.maker_earns_nothing, made.maker_not_stated),
    )
    yield _paid(sheet, settings.SHEET_PAID_BY)
    yield _earns(
        settings.SHEET_CLINIC_EARNS_FROM,
        sheet,
        (made.clinic_earns, made.clinic_earns_nothing, made.clinic_not_stated),
    )
    yield made.untested


def _earns(said: list[str], sheet: Sheet, words: tuple[str, str, str]) -> str:
    some, nothing, not_stated = words
    if said == [NOTHING]:
        return nothing
    if said == [NOT_STATED]:
        return not_stated
    return some.format(options=", ".join(one.name for one in sheet.options if one.id in said))


def _paid(sheet: Sheet, payer: str) -> str:
    if not payer:
        return sheet.made.paid_not_stated
    if payer == NOBODY:
        return sheet.made.paid_by_nobody
    return sheet.made.paid_by.format(payer=payer)
