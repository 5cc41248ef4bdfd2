"""Addresses of reads and searches, of the desk's Tasks, and of what this server offers."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.fhir.records.binary_views import binary
from decisions.fhir.records.capability import metadata
from decisions.fhir.records.everything import KINDS
from decisions.fhir.records.task_views import update
from decisions.fhir.records.views import reading, search_names, searching
from decisions.fhir.registry import Offered, addresses


def _reads_and_searches() -> Iterator[Offered]:
    for kind in KINDS:
        search, names = searching(kind), search_names(kind)
        yield Offered(f"{kind}/_search", "POST", search, kind, "search-type", search=names)
        yield Offered(kind, "GET", search, kind, "search-type", search=names)
        yield Offered(f"{kind}/<str:resource_id>", "GET", reading(kind), kind, "read")


urlpatterns = addresses(
    Offered("metadata", "GET", metadata),
    *_reads_and_searches(),
    Offered("Binary/<str:resource_id>", "GET", binary, "Binary", "read"),
    Offered(
        "Task/<str:resource_id>",
        "PUT",
        update,
        "Task",
        "update",
        conditional={"versioning": "versioned-update", "updateCreate": False},
    ),
)
