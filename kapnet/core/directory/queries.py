"""Every shared read of the directory."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from kapnet.core.directory.models import Colleague, Part, Site, field_of

SEARCHED = (
    *("name", "profession", "license_number", "sites__organization"),
    *("sites__address", "sites__phone"),
)


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
    """Colleagues in whose name or sites every one of these words stands, with this part."""
    found = colleagues()
    if part in Part.values:
        found = found.filter(**{field_of(part): True})
    for word in words.split():
        found = found.filter(_has(word, SEARCHED))
    return found.distinct()


def search_sites(words: str) -> QuerySet[Site]:
    """Open sites in which, or in whose colleague's name, every one of these words stands."""
    found = open_sites()
    for word in words.split():
        found = found.filter(_has(word, ("colleague__name", "organization", "address", "phone")))
    return found


def _has(word: str, fields: tuple[str, ...]) -> Q:
    either = Q()
    for field in fields:
        either |= Q(**{f"{field}__icontains": word})
    return either
