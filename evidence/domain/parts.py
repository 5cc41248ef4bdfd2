"""What the entries of the evidence are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from evidence.domain.terms import (
    CertaintyDomain,
    Judgment,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Frozen(BaseModel):
    """A value that refuses unknown fields and cannot be changed once built."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def says_nothing(value: object) -> bool:
    return value is None or value == ()


class Result(Frozen):
    """One number, range or statement that a source reports.

    `value` is a number in `unit`; else `value_low` to `value_high`, or `value_text` as
    printed. `events` of `total` are counts of people, `n` the people analyzed. `p` is text
    as printed. Odd printed numbers are kept and named in `note`.
    """

    measure: Text
    arm: str | None = None
    timepoint: str | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    value_text: str | None = None
    sd: float | None = None
    events: int | None = None
    total: int | None = None
    unit: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: str | None = None
    note: str | None = None
    n: Annotated[int, Field(ge=0)] | None = Field(default=None, exclude_if=says_nothing)


class CertaintyReason(Frozen):
    """What one domain of GRADE says about the certainty of a source, and why."""

    domain: CertaintyDomain
    judgment: Judgment
    why: Text
