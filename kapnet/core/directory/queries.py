"""Every shared read of the directory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kapnet.core.directory.models import Colleague, Part, Site, field_of
from kapnet.core.text import plain_letters

SEARCHED = (
    *("name", "profession", "license_number", "sites__organization"),
    *("sites__address", "sites__phone"),
)
NEXT = "\n"
"""Between two fields: no word has it."""
OF_A_SITE = ("colleague__name", "organization", "address", "phone")


def sites_with_context() -> QuerySet[Site]:
    """Sites of the clinic in scope with colleague and who verified them, open ones first."""
    found = Site.objects.select_related("colleague__clinic", "verified_by")
    return found.order_by("-is_active", "colleague__name", "organization", "pk")


def open_sites() -> QuerySet[Site]:
    """The sites that can be chosen."""
    return sites_with_context().filter(is_active=True, colleague__is_active=True)


def colleagues() -> QuerySet[Colleague]:
    """Colleagues of the clinic in scope with their sites, active ones first, by name."""
    sites = Prefetch("sites", queryset=sites_with_context())
    found = Colleague.objects.select_related("clinic", "saved_by").prefetch_related(sites)
    return found.order_by("-is_active", "name", "pk")


def search_colleagues(words: str, *, part: str = "") -> QuerySet[Colleague]:
    """Colleagues in whose name or sites every one of these words is, with this part."""
    found = colleagues()
    if part in Part.values:
        found = found.filter(**{field_of(part): True})
    return found.filter(pk__in=_with(words, Colleague.objects.all(), SEARCHED)) if words else found


def search_sites(words: str) -> QuerySet[Site]:
    """Open sites in which, or in whose colleague's name, every one of these words is."""
    found = open_sites()
    return found.filter(pk__in=_with(words, open_sites(), OF_A_SITE)) if words else found


def _with(words: str, rows: QuerySet[Any], fields: tuple[str, ...]) -> set[UUID]:
    """Rows with every word in one of these fields, in whatever letters: no database compares so.

    A directory is small; each of its entries is read.
    """
    texts: dict[UUID, str] = {}
    for key, *values in rows.order_by().values_list("pk", *fields):
        texts[key] = (
            f"{texts.get(key, '')}\n{plain_letters(NEXT.join(one or '' for one in values))}"
        )
    asked = plain_letters(words).split()
    return {key for key, text in texts.items() if all(word in text for word in asked)}
