"""Loading one object, or nothing: what is not there and what is another clinic's look the same."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest

from kapnet.core.audit.actions import record_refusal
from kapnet.core.audit.reading import note_opened

Found = TypeVar("Found", bound=Model)
Gives = TypeVar("Gives", covariant=True)


class Asked(Protocol[Gives]):
    """A queryset, or a compiled query."""

    def get(self, **lookup: Any) -> Gives:
        """The one object."""
        ...


def get_or_404(
    request: HttpRequest,
    asked: Asked[Found],
    *,
    action: str,
    object_type: str,
    **lookup: Any,
) -> Found:
    """The one object of a scoped or compiled query, or 404 and an audit event "refused".

    Call it outside of a transaction: the event has to stay when the request ends in a 404.
    """
    try:
        found = asked.get(**lookup)
    except (ObjectDoesNotExist, ValidationError, ValueError) as missing:
        record_refusal(request, action, object_type, next(iter(lookup.values()), ""))
        raise Http404(object_type) from missing
    note_opened(request, object_type, found)
    return found
