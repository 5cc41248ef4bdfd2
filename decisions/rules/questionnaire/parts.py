"""What questions of an edition file are built of besides their own entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.questionnaire import Clearer, Derived


class Odd(ValueError):
    """Plain data of the wrong shape."""


class Parts(NamedTuple):
    """What questions are built of besides their own entry, by id of the form or question."""

    instruments: Mapping[str, Instrument]
    clearers: Mapping[str, Clearer]


def instrument_of(name: object, instruments: Mapping[str, Instrument]) -> Instrument:
    """The instrument of this name. Raises Odd."""
    if name not in instruments:
        raise Odd(f"there is no instrument {name}")
    return instruments[str(name)]


def derived_of(raw: object) -> tuple[Derived, ...]:
    """Derived values by their names: `phq9_total` is the total, `phq9_item9` item 9."""
    if not isinstance(raw, dict):
        raise Odd("derives must map a name to its range")
    return tuple(_derive(str(name), bounds) for name, bounds in raw.items())


def _derive(name: str, bounds: object) -> Derived:
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise Odd(f"the range of {name} must be two numbers")
    value = name.rpartition("_")[2]
    if value == "total":
        return Derived(id=name, range=(bounds[0], bounds[1]))
    if value.startswith("item") and value[4:].isdigit():
        return Derived(id=name, range=(bounds[0], bounds[1]), item=int(value[4:]))
    raise Odd(f"{name} must end in _total or _item and a number")
