"""What of a draft came with the decision that it is about, where a newer one says it otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decisions.cases.models import Decision
from decisions.documents.letter.loading import load_words
from decisions.letters.actions import begins_with
from decisions.letters.composition import Composition
from decisions.letters.models import Letter

LABELS: Mapping[str, str] = {
    "request_option": "What is asked for",
    "request_how_soon": "How soon",
    "reasoning": "Reasoning",
}


@dataclass(frozen=True)
class Part:
    """A part of the letter that the newer decision says otherwise.

    is_as_begun: nobody changed it since the letter was begun, so that it is offered ticked.
    """

    name: str
    label: str
    kept: str
    offered: str
    is_as_begun: bool


def parts_of_newer(composition: Composition) -> tuple[Part, ...]:
    """Those parts; none where the decision is the newest, or says what the letter says."""
    newer = composition.newer_decision
    return tuple(_parts(composition.letter, newer)) if newer else ()


def _parts(letter: Letter, newer: Decision) -> Iterator[Part]:
    begun, offered = begins_with(letter.decision), begins_with(newer)
    for name, label in LABELS.items():
        kept = getattr(letter, name)
        if kept != offered[name]:
            yield Part(
                name=name,
                label=label,
                kept=_said(letter.decision.edition, name, kept),
                offered=_said(newer.edition, name, offered[name]),
                is_as_begun=kept == begun[name],
            )


def _said(edition: str, name: str, value: str) -> str:
    """A value as the letter's form says it."""
    if not value:
        return "nothing"
    match name:
        case "request_option":
            return load_words(edition).options.get(value, value)
        case "request_how_soon":
            return Letter.HowSoon(value).label
        case _:
            return value
