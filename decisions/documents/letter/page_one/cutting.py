"""Lists on page one are cut where they grow long, and say how much is in the annex."""

from __future__ import annotations

from collections.abc import Sequence

from decisions.documents.letter.phrasing import Sayings

MOST_UNKNOWN, MOST_TRIALS, MOST_COURSES = 4, 6, 2
FEW_LEFT = 3
"""Of what was left to somebody, all where it is not more; else the first is named."""


def cut(sayings: Sayings, names: Sequence[str], most: int) -> str:
    """These names, or the first of them and how many more there are."""
    if len(names) <= most:
        return "; ".join(names)
    more = sayings.words.page.say("more", count=len(names) - most)
    return f"{'; '.join(names[:most])}; {sayings.words.page.say('and_more', more=more)}"
