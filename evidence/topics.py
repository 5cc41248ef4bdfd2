"""What outside of this app rests on sources and is searched for by its own words.

Others register a provider, as for evidence.usage; evidence imports none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A rule or a question. `kind` is a singular noun; keys: the sources that it rests on."""

    kind: str
    id: str
    label: str
    words: str
    keys: frozenset[str]


Provider = Callable[[], tuple[Topic, ...]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask this provider, too, for topics. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the providers."""
    return tuple(topic for provider in _providers for topic in provider())
