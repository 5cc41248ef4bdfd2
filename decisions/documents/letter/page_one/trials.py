"""Whether a medicine was tried in this episode or before it, as far as the rows say."""

from __future__ import annotations

from decisions.documents.letter.partial_date import ends_before, read_partial
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.treatment_history import DrugTrial

EARLIER, THIS = "earlier", "this"


def in_this_episode(sayings: Sayings, one: DrugTrial) -> bool:
    """As the row says; else by its last day: the page of the rows asks for this episode."""
    if one.episode:
        return one.episode != EARLIER
    began = _episode_start(sayings)
    return not ends_before(began, one.ended)


def _episode_start(sayings: Sayings) -> str:
    try:
        found = read_partial(sayings.material.facts.episode_start)
    except ValueError:
        return ""
    return str(found)
