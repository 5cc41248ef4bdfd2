"""What a reader who would treat needs first, where the letter has nothing of it."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.copies import copies_of
from decisions.documents.letter.material import Reader
from decisions.documents.letter.not_known import has_rows
from decisions.documents.letter.phrasing import Sayings

NEEDED_BY = {
    Reader.PRESCRIBER: ("medicines", "allergies"),
    Reader.BOTH: ("medicines", "allergies"),
    Reader.TMS_PROVIDER: ("medicines",),
}
"""Reader -> the facts without which they would have to ask before anything else."""


def lists_lacking(sayings: Sayings) -> Iterator[str]:
    """The lists that the reader needs and the letter has nothing of."""
    facts = sayings.material.facts
    for field in NEEDED_BY.get(sayings.material.reader, ()):
        if not getattr(facts, field) and not has_rows(sayings, field):
            yield field


def unlisted_of(sayings: Sayings) -> Iterator[str]:
    """A sentence for each of them, and for each copy that asks nothing. It keeps nothing back."""
    for field in lists_lacking(sayings):
        yield sayings.words.unlisted[field]
    if sayings.material.asks_for_two_treatments:
        for name, purpose in copies_of(sayings.material.recipient.copies):
            if not purpose:
                yield sayings.words.page.say("copy_asks_nothing", name=name)
