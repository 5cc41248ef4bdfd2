"""The Wilson interval of a share: what chance alone leaves open."""

from __future__ import annotations

from math import sqrt

from decisions.rules.logic.values import Frozen

Z = 1.959964
"""Of the normal distribution, for 95 percent."""


class Share(Frozen):
    """count of `of`, with the limits of its 95 percent interval, each from 0 to 1."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return self.count / self.of


def wilson(count: int, of: int) -> Share | None:
    """The share with its interval; None of nobody: there is no data.

    Raises ValueError where more are counted than there are.
    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if of == 0:
        return None
    share, square = count / of, Z * Z
    whole = 1 + square / of
    center = (share + square / (2 * of)) / whole
    half = Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / whole
    low = 0.0 if count == 0 else max(0.0, center - half)
    high = 1.0 if count == of else min(1.0, center + half)
    return Share(count=count, of=of, low=low, high=high)
