"""A hundred people as a picture: ten rows of ten squares, every place worked out beforehand.

Drawn in ink alone: filled for whom it came true, half filled where a source gives a span.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

IN_A_ROW = 10
PITCH, SIDE = 10, 8
"""From one square to the next, and the side of one."""

WIDTH = IN_A_ROW * PITCH


@dataclass(frozen=True)
class Picture:
    """The squares as paths: filled ones, the lower half of half filled ones, all outlines."""

    filled: str
    half: str
    outlines: str
    title: str
    width: int = WIDTH


def draw_people(*, filled: int, up_to: int, title: str) -> Picture:
    """A hundred squares. filled: how many are; up_to: up to which they are half filled."""
    return Picture(
        filled=_path(range(filled), top=0),
        half=_path(range(filled, up_to), top=SIDE // 2),
        outlines=_path(range(IN_A_ROW * IN_A_ROW), top=0),
        title=title,
    )


def _path(places: Iterable[int], *, top: int) -> str:
    """Squares at these places, or what is left of them below `top`."""
    return "".join(
        f"M{place % IN_A_ROW * PITCH + 1} {place // IN_A_ROW * PITCH + 1 + top}"
        f"h{SIDE}v{SIDE - top}h-{SIDE}z"
        for place in places
    )
