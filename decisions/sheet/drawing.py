"""A hundred people as a picture: ten rows of ten squares, every place worked out beforehand.

Drawn in ink alone: dark for whom it came true, half dark where a source gives a span, else light.
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
    """The squares as paths: dark ones, half dark ones (their lower half), and all outlines."""

    dark: str
    half: str
    outlines: str
    title: str
    width: int = WIDTH


def draw_people(*, dark: int, up_to: int, title: str) -> Picture:
    """A hundred squares. dark: how many are dark; up_to: up to which they are half dark."""
    return Picture(
        dark=_path(range(dark), top=0),
        half=_path(range(dark, up_to), top=SIDE // 2),
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
