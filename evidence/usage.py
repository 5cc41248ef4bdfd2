"""Where a source is used outside this app: others register a provider, evidence imports none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """One place that rests on a source. `kind` is a singular noun ("rule"); no url, no link.

    rests_on: every source that it rests on, and cautions: every caution.
    """

    label: str
    url: str
    kind: str
    rests_on: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


Provider = Callable[[str], list[Usage]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask this provider, too, where a key is used. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def usages_of(key: str) -> tuple[Usage, ...]:
    """Every place that rests on the source of this key, in the order of the providers."""
    return tuple(usage for provider in _providers for usage in provider(key))
