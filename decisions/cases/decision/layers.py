"""What of a decision page is open: layers, and the drawer of a source."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest


class Layer(StrEnum):
    """Their names, in the order of the page: as in `?open=reasons`."""

    REASONS = "reasons"
    UNKNOWN = "unknown"
    CHANGE = "change"
    BOTH = "both"
    PLAN = "plan"
    GUIDELINES = "guidelines"
    RULES = "rules"
    RECORDED = "recorded"


def open_layers(request: HttpRequest) -> frozenset[Layer]:
    """The layers that an address asks to be open. The drawer of a source is among the reasons."""
    asked = {name for name in request.GET.getlist("open") if name in set(Layer)}
    if request.GET.get("source"):
        asked.add(Layer.REASONS)
    return frozenset(Layer(name) for name in asked)


def open_source(request: HttpRequest) -> tuple[str, str] | None:
    """The source whose drawer is open, and the rule under which."""
    key, rule = request.GET.get("source"), request.GET.get("rule")
    return (key, rule) if key and rule else None
