"""Names of authors as they are printed and kept: Philip NS, van Oostrom I, Costa PT Jr, a body."""

from __future__ import annotations

import re
from typing import NamedTuple

AND_OTHERS = "et al."
"""In a list of authors: there are more, whom nobody has seen."""

SUFFIXES = {
    **dict.fromkeys(("jr", "jnr", "junior"), "Jr"),
    **dict.fromkeys(("sr", "snr", "senior"), "Sr"),
    **dict.fromkeys(("ii", "2nd"), "2nd"),
    **dict.fromkeys(("iii", "3rd"), "3rd"),
    **dict.fromkeys(("iv", "4th"), "4th"),
}
"""Suffixes of a name as people write them, and as PubMed prints them."""

BODY = re.compile(
    r"\b(?:academy|administration|agency|alliance|association|authority|board|centers?|centres?"
    r"|coalition|collaborati(?:on|ve)|collaborators|college|commission|committee|company|conference"
    r"|consortium|corporation|council|department|directorate|federation|foundation|groups?"
    r"|hospitals?|institutes?|institution|investigators|laborator(?:y|ies)|league|limited|ministry"
    r"|network|organi[sz]ation|panel|pharma|pharmaceuticals?|program(?:me)?|registry|school"
    r"|secretariat|services?|society|task force|team|trust|union|universit(?:y|é|ät|ies)"
    r"|workgroup)\b",
    re.IGNORECASE,
)
"""Words that bodies have in their names and people do not."""

PRINTED_SUFFIXES = frozenset(SUFFIXES.values())
MOST_INITIALS = 4


class Person(NamedTuple):
    """A person in parts. The initials are together: NS."""

    family: str
    initials: str
    suffix: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


def person_in(name: str) -> Person | None:
    """The person that a printed name is; None for a body, or a name without initials."""
    *before, last = name.split(" ") if name else [""]
    suffix = ""
    if last in PRINTED_SUFFIXES and len(before) > 1:
        *before, suffix, last = *before[:-1], last, before[-1]
    if BODY.search(name):
        return None
    if not before or len(last) > MOST_INITIALS or not (last.isalpha() and last.isupper()):
        return None
    return Person(" ".join(before), last, suffix)


def family_of(name: str) -> str:
    """The name without initials and suffix, as citations call it."""
    person = person_in(name)
    return person.family if person else name.rsplit(" ", 1)[0]
