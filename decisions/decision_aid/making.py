"""Who made the sheet, who paid for it and who earns, as this installation states it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django.conf import settings

from decisions.documents.decision_aid.sheet import Made, Sheet
from kapnet.core.web.days import say_day as say_english_day

NOTHING, NOT_STATED = "nothing", "not_stated"
"""What a setting says in place of options."""

NOBODY = "nobody"


def say_making(
    sheet: Sheet,
    *,
    release: str,
    made: Made | None = None,
    names: Mapping[str, str] | None = None,
    say_day: Callable[[date], str] = say_english_day,
    maker: str = "",
) -> Iterator[str]:
    """Date, version, when it is looked at again, and the money behind it.

    made, names and say_day: the words, the options and the days of another language.
    """
    said = made or sheet.made
    options = names or {one.id: one.name for one in sheet.options}
    dated, next_review = say_day(sheet.dated), say_day(sheet.next_review)
    yield said.dates.format(version=sheet.version_name, dated=dated, release=release)
    yield said.policy.format(next_review=next_review)
    yield said.maker.format(maker=maker or settings.SHEET_MAKER)
    yield _earns(
        settings.SHEET_MAKER_EARNS_FROM,
        options,
        (said.maker_earns, said.maker_earns_nothing, said.maker_not_stated),
    )
    yield _paid(said, settings.SHEET_PAID_BY)
    yield _earns(
        settings.SHEET_CLINIC_EARNS_FROM,
        options,
        (said.clinic_earns, said.clinic_earns_nothing, said.clinic_not_stated),
    )
    yield said.untested


def _earns(said: list[str], options: Mapping[str, str], words: tuple[str, str, str]) -> str:
    some, nothing, not_stated = words
    if said == [NOTHING]:
        return nothing
    if said == [NOT_STATED]:
        return not_stated
    return some.format(options=", ".join(name for one, name in options.items() if one in said))


def _paid(made: Made, payer: str) -> str:
    if not payer:
        return made.paid_not_stated
    if payer == NOBODY:
        return made.paid_by_nobody
    return made.paid_by.format(payer=payer)
