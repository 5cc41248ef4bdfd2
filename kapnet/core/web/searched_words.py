"""What was typed into a search box."""

from __future__ import annotations

from django.http import QueryDict

LONGEST_SEARCH = 100


def searched_words(sent: QueryDict) -> str:
    """The words of the field `q`, without what no database takes."""
    return sent.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
