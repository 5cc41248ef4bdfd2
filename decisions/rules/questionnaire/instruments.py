"""PHQ-9 and GAD-7: their items, totals and severity bands, each with its source.

A total exists only when all its items do, or when the total itself was entered. A
missing item is never imputed, and item 9 is always looked at alone.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from decisions.rules.logic.values import Frozen, Id, Text


class InstrumentError(ValueError):
    """A score that the instrument cannot give; the message says what to enter."""


class ResponseOption(Frozen):
    """One answer to an item, with the points it scores."""

    value: Annotated[int, Field(ge=0)]
    text: Text
    loinc_answer: str | None = None


class Item(Frozen):
    """One item, in the instrument's own words."""

    n: Annotated[int, Field(ge=1)]
    text: Text
    link_id: str | None = None
    loinc: str | None = None
    loinc_display: str | None = None
    domain: str | None = None
    phq2: bool = False
    safety_item: bool = False


class Band(Frozen):
    """A severity band: totals from `min` to `max` points, both included."""

    min: int
    max: int
    id: Id
    label: Text


class Instrument(Frozen):
    """A questionnaire with published items and scoring; `sources` name where it was seen."""

    id: Id
    name: Text
    short_name: Text
    stem: Text
    recall_period_days: int
    options: tuple[ResponseOption, ...]
    items: tuple[Item, ...]
    range: tuple[int, int]
    bands: tuple[Band, ...]
    attribution: Text
    sources: tuple[Text, ...]
    zero_is_not_safe: str | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if [item.n for item in self.items] != list(range(1, len(self.items) + 1)):
            raise ValueError("items must be numbered 1, 2, 3 … without a gap")
        values = [option.value for option in self.options]
        if self.range != (min(values) * len(self.items), max(values) * len(self.items)):
            raise ValueError("range must be what the items can add up to")
        edges = [edge for band in self.bands for edge in (band.min, band.max + 1)]
        if edges[0] != self.range[0] or edges[-1] != self.range[1] + 1:
            raise ValueError("bands must cover the range")
        if edges[1:-1:2] != edges[2:-1:2]:
            raise ValueError("bands must follow each other without gap or overlap")
        return self

    @cached_property
    def has_safety_item(self) -> bool:
        """Whether one of its items asks about death and self-harm."""
        return any(item.safety_item for item in self.items)

    @cached_property
    def highest(self) -> int:
        """The points of the highest answer to one item."""
        return max(option.value for option in self.options)


class Scores(Frozen):
    """Scores of one form: the items, or a total copied from a recent form.

    items: one score an item in published order, None for an item not answered; or None
    when the total was entered. entered_total and entered_item9: as copied, in points.
    """

    items: tuple[int | None, ...] | None = None
    entered_total: int | None = None
    entered_item9: int | None = None

    @property
    def total(self) -> int | None:
        """The total in points, or None while an item is missing."""
        if self.items is None:
            return self.entered_total
        known = [score for score in self.items if score is not None]
        return sum(known) if len(known) == len(self.items) else None

    def item(self, n: int) -> int | None:
        """The score of item n (from 1) in points, or None where it is not known."""
        if self.items is None:
            return self.entered_item9 if n == SAFETY_ITEM else None
        return self.items[n - 1]

    @property
    def items_answered(self) -> int:
        """How many items have a score; 0 when a total was entered."""
        return sum(score is not None for score in self.items or ())

    @property
    def says_something(self) -> bool:
        """Whether there is a total or at least one item. An empty form says nothing."""
        return self.total is not None or self.items_answered > 0


SAFETY_ITEM = 9
"""PHQ-9 item 9 asks about death and self-harm (instruments.yaml, safety_item_policy)."""


def least_safety_item(instrument: Instrument, scores: Scores) -> int:
    """The least points of a safety item that is not known, by a total that was entered.

    0 where the other items can reach the total, and where no total was entered.
    """
    others = instrument.highest * (len(instrument.items) - 1)
    return max(0, (scores.entered_total or 0) - others)


def score_items(instrument: Instrument, items: tuple[int | None, ...]) -> Scores:
    """Scores from the items of a form.

    items: as many as the instrument has, each 0 to its highest answer, None where missing.
    Raises InstrumentError when their number or a score is out of range.
    """
    wanted = len(instrument.items)
    if len(items) != wanted:
        raise InstrumentError(
            f"{instrument.short_name} has {wanted} items, not {len(items)}: give all {wanted}, "
            "null for one not answered"
        )
    for n, score in enumerate(items, start=1):
        if score is not None and not 0 <= score <= instrument.highest:
            raise InstrumentError(f"item {n} must be 0 to {instrument.highest}, not {score}")
    return Scores(items=items)


def score_total(instrument: Instrument, total: int, item9: int | None = None) -> Scores:
    """Scores from a total copied from a form, with item 9 where it is known.

    Raises InstrumentError when either is out of range or the total cannot hold that item 9.
    """
    low, high = instrument.range
    if not low <= total <= high:
        raise InstrumentError(f"the total must be {low} to {high}, not {total}")
    if item9 is not None:
        if not 0 <= item9 <= instrument.highest:
            raise InstrumentError(f"item 9 must be 0 to {instrument.highest}, not {item9}")
        if not item9 <= total <= high - instrument.highest + item9:
            raise InstrumentError(f"a total of {total} cannot hold an item 9 of {item9}")
    return Scores(entered_total=total, entered_item9=item9)


def band_of(instrument: Instrument, total: int) -> Band:
    """The severity band of a total. Raises InstrumentError outside the range."""
    for band in instrument.bands:
        if band.min <= total <= band.max:
            return band
    raise InstrumentError(f"{total} is outside the range of {instrument.short_name}")
