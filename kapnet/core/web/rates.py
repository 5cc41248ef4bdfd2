"""How often something is done, counted in the shared cache by allauth, as it counts sign-ins.

allauth calls this part of it internal, and what it offers to others counts by the settings of its
accounts alone. So it is called from here and nowhere else, and a test names the version that it was
tried with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from allauth.core.internal import ratelimit
from django.http import HttpRequest

TRIED_WITH = "65.21.1"
"""The version of django-allauth."""


class Rate(NamedTuple):
    """So often in so many seconds."""

    amount: int
    seconds: float


def is_within(
    request: HttpRequest,
    action: str,
    rates: Mapping[str, str],
    *,
    key: str | None = None,
    counts_get: bool = False,
) -> bool:
    """Count this request, unless it is one too many. rates: by action, such as 20/5m/ip.

    key: what a rate that ends in /key counts.
    """
    config = dict(rates)
    return bool(
        ratelimit.consume(
            request, app="kapnet", action=action, key=key, config=config, limit_get=counts_get
        )
    )


def rates_of(action: str, rates: Mapping[str, str]) -> list[Rate]:
    """The rates of an action."""
    found = ratelimit.get_rates(app="kapnet", action=action, config=dict(rates))
    return [Rate(one.amount, one.duration) for one in found]
