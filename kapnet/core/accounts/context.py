"""What every page needs: the product's name, the crisis line, who is here and where they may go."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from kapnet.core.accounts.policies import may
from kapnet.core.accounts.second_factor import must_have
from kapnet.core.database import are_writes_refused
from kapnet.core.standby import age


@dataclass(frozen=True)
class Destination:
    """One entry of the navigation. count: how much waits there for this person."""

    label: str
    url: str
    is_current: bool
    count: int = 0


_counters: dict[str, Callable[[HttpRequest], int]] = {}


def count_at(name: str, counter: Callable[[HttpRequest], int]) -> None:
    """Show beside the entry of this address how much waits there."""
    _counters[name] = counter


NAVIGATION = (
    ("evidence.curate", "Curation", "curation:home"),
    ("case.work", "Cases", "cases:list"),
    ("followup.remind", "Due", "reminders:due"),
    ("letter.export", "Letters", "desk:queue"),
    ("outcomes.read", "Outcomes", "follow_up:outcomes"),
    ("directory.read", "Directory", "directory:list"),
    ("clinic.manage", "Clinic", "clinic"),
    ("audit.read", "Audit log", "trail:trail"),
    ("emergency.open", "Emergency", "emergency:find"),
    ("evidence.read", "Guide", "evidence:guide"),
    ("evidence.read", "Evidence", "evidence:list"),
    ("evidence.read", "Guidelines", "evidence:positions"),
    ("evidence.read", "Claims", "evidence:claims"),
)
"""action of the policy table, label, name of the address"""


def site(request: HttpRequest) -> dict[str, object]:
    """The context of every page; what costs something is worked out only where it is shown."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "is_demo": settings.DEMO,
        "crisis_line": settings.CRISIS_LINE,
        "writes_are_refused": are_writes_refused(),
        "page_age": age(),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "htmx_config": HTMX_CONFIG,
        "membership": getattr(request, "membership", None),
        "role": getattr(request, "role", None),
        "must_have_second_factor": SimpleLazyObject(
            lambda: must_have(getattr(request, "user", None))
        ),
        "navigation": SimpleLazyObject(lambda: navigation_of(request)),
    }


HTMX_CONFIG = json.dumps(settings.HTMX_CONFIG)


def navigation_of(request: HttpRequest) -> list[Destination]:
    """Where this role may go; the entry with the longest address above this page is current."""
    role = getattr(request, "role", None)
    entries = _entries_of(role)
    above = [url for _, url, _ in entries if request.path.startswith(url)]
    current = max(above, key=len, default="")
    return [
        Destination(label, url, url == current, _count(name, request))
        for label, url, name in entries
    ]


@lru_cache(maxsize=32)
def _entries_of(role: str | None) -> tuple[tuple[str, str, str], ...]:
    """Label, address and name of the address."""
    allowed = (one for one in NAVIGATION if may(role, one[0]))
    return tuple((label, reverse(name), name) for _, label, name in allowed)


def _count(name: str, request: HttpRequest) -> int:
    return _counters[name](request) if name in _counters else 0
