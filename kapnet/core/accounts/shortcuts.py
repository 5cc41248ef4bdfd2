"""Loading one object, or nothing: what is not there and what is another clinic's look the same."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from kapnet.core.audit.actions import record_refusal
from kapnet.core.audit.reading import note_opened
from kapnet.core.compiled import Compiled

Found = TypeVar("Found", bound=Model)


def get_or_404(
    request: HttpRequest,
    queryset: QuerySet[Found] | Compiled[Found],
    *,
    action: str,
    object_type: str,
    **lookup: Any,
) -> Found:
    """The one object of a scoped queryset, or 404 and an audit event "refused".

    Call it outside of a transaction: the event has to stay when the request ends in a 404.
    """
    try:
        found = queryset.get(**lookup)
    except (ObjectDoesNotExist, ValidationError, ValueError) as missing:
        record_refusal(request, action, object_type, next(iter(lookup.values()), ""))
        raise Http404(object_type) from missing
    note_opened(request, object_type, found)
    return found
