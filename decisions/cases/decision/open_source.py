"""Which source of a decision page is open."""

from __future__ import annotations

from django.http import HttpRequest


def open_source(request: HttpRequest) -> tuple[str, str] | None:
    """The source whose drawer is open, and the rule under which."""
    key, rule = request.GET.get("source"), request.GET.get("rule")
    return (key, rule) if key and rule else None
