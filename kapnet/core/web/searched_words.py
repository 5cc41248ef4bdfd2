"""What was typed into a search box."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST_SEARCH = 100


def searched_words(request: HttpRequest) -> str:
    """The words of `?q=`, without what no database takes."""
    return request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
