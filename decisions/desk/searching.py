"""What the desk searches for. It may be a patient's name: it stays out of every address.

The words are posted and kept in the session, on the server, encrypted. The address says only that
there are some, so that going back and loading again show the same list.
"""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from kapnet.core.encryption.values import open_value, seal_value

KEPT_WORDS = "desk_words"
SEARCH = "search"
LONGEST = 100
IN_ADDRESS = ("status", "assigned_to", "overdue")
"""Filters that hold no name."""


def search_address(request: HttpRequest) -> str:
    """Keep the words that were posted; returns where their list is."""
    words = request.POST.get("q", "").replace("\0", "")[:LONGEST].strip()
    request.session[KEPT_WORDS] = seal_value(words)
    query = QueryDict(mutable=True)
    for name in IN_ADDRESS:
        if value := request.POST.get(name):
            query[name] = value
    if words:
        query[SEARCH] = "on"
    return f"{reverse('desk:queue')}?{query.urlencode()}" if query else reverse("desk:queue")


def searched_words(request: HttpRequest) -> str:
    """The words of the newest search, where the address says that there is one."""
    if SEARCH not in request.GET:
        return ""
    return str(open_value(request.session.get(KEPT_WORDS)) or "")
