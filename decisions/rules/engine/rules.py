"""A rule: what it needs to know, what it says of which option, and what it rests on."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self

from pydantic import model_validator

from decisions.rules.logic.conditions import Condition
from decisions.rules.logic.values import Frozen, Id, Text


class OptionId(StrEnum):
    """The three options that rules weigh, in their fixed order, which means nothing."""

    KETAMINE = "ketamine"
    REPEAT_TMS = "repeat_tms"
    BOTH = "both"


OPTIONS = tuple(OptionId)
"""All three, in their order."""

HALVES = (OptionId.KETAMINE, OptionId.REPEAT_TMS)
"""The two treatments of which `both` is made."""


class Effect(StrEnum):
    """What a true rule does (header of rules.yaml)."""

    URGENT = "urgent"
    STOP = "stop"
    REVIEW = "review"
    FAVOUR = "favour"
    AGAINST = "against"
    NOTE = "note"


class Strength(StrEnum):
    """How much a reason claims to weigh; its evidence may allow less."""

    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"


class Weight(IntEnum):
    """How much a reason weighs: 0 when no published support is left."""

    NONE = 0
    WEAK = 1
    MODERATE = 2
    STRONG = 3


WEIGHT_OF_STRENGTH = {
    Strength.STRONG: Weight.STRONG,
    Strength.MODERATE: Weight.MODERATE,
    Strength.WEAK: Weight.WEAK,
}

WEIGHED = frozenset({Effect.FAVOUR, Effect.AGAINST})
"""The effects that carry a strength."""


class Basis(StrEnum):
    """What a reason rests on besides published evidence."""

    PRACTICAL = "practical"


class Rule(Frozen):
    """One published rule. `because` is the sentence that page and letter show.

    evidence and counter name sources, positions name guideline positions. `bars`: while the
    rule is true its options neither lead nor are favored.
    """

    id: Id
    effect: Effect
    options: tuple[OptionId, ...] = ()
    strength: Strength | None = None
    basis: Basis | None = None
    bars: bool = False
    when: Condition
    because: Text
    evidence: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_its_effect(self) -> Self:
        if (self.effect in WEIGHED) != (self.strength is not None):
            raise ValueError("strength belongs to favour and against: add or remove it")
        if self.bars and self.effect is not Effect.AGAINST:
            raise ValueError("bars belongs to against: remove it")
        if self.basis is not None and self.effect not in WEIGHED:
            raise ValueError("basis belongs to favour and against: remove it")
        if self.effect is Effect.URGENT and self.options:
            raise ValueError("an urgent rule speaks of the case: remove its options")
        if not self.options and self.effect not in {Effect.URGENT, Effect.NOTE}:
            raise ValueError("name the options that this rule speaks of")
        if len(set(self.options)) != len(self.options):
            raise ValueError("an option occurs twice: keep one")
        if self.effect in WEIGHED and not self.has_basis:
            raise ValueError("add evidence, positions or `basis: practical`")
        return self

    @property
    def has_basis(self) -> bool:
        """Whether the rule names anything that it rests on."""
        return bool(self.evidence or self.positions or self.is_practical)

    @property
    def is_practical(self) -> bool:
        """Whether it rests on access, attendance or tolerance rather than on a study."""
        return self.basis is Basis.PRACTICAL
