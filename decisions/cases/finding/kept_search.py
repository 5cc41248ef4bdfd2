"""Words that are searched for. They may be a patient's name: they stay out of every address.

The words are posted and kept in the session, on the server, encrypted. The address says only that
there are some, so that going back and loading again show the same list.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from kapnet.core.encryption.values import open_value, seal_value
from kapnet.core.web.searched_words import searched_words

SEARCH = "search"


@dataclass(frozen=True)
class KeptSearch:
    """The search of one page.

    key: of the session. page: the name of its address. in_address: filters that hold no name.
    """

    key: str
    page: str
    in_address: tuple[str, ...]

    def address(self, request: HttpRequest) -> str:
        """Keep the words that were posted; returns where their list is."""
        words = searched_words(request.POST)
        request.session[self.key] = seal_value(words)
        query = QueryDict(mutable=True)
        for name in self.in_address:
            if value := request.POST.get(name):
                query[name] = value
        if words:
            query[SEARCH] = "on"
        return f"{reverse(self.page)}?{query.urlencode()}" if query else reverse(self.page)

    def words(self, request: HttpRequest) -> str:
        """The words of the newest search, where the address says that there is one."""
        if SEARCH not in request.GET:
            return ""
        return str(open_value(request.session.get(self.key)) or "")
