"""The cards of a call: one that leads to the comparison, one of what stops a rule or is missing.

Pure. A card names no patient and orders nothing; what is put into its words is escaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from decisions.cds.asked import RELAPSE, Asked
from decisions.cds.facts import (
    BloodPressure,
    has_depression,
    has_tms,
    newest_phq9,
    newest_pressure,
    ordered,
)
from decisions.cds.markdown import plain
from decisions.cds.words import HookWords
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.logic.conditions import Fact, Missing, ids_in
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase

STOPPING: Final = frozenset({Effect.STOP, Effect.URGENT})


class Kind(StrEnum):
    """What a card is for; the indicator that it has."""

    COMPARE = "info"
    WARNING = "warning"


@dataclass(frozen=True)
class Link:
    """Where the comparison opens. kind: smart where a launch is known to work, else absolute."""

    url: str
    kind: str


@dataclass(frozen=True)
class Card:
    """One card before it has an id. rules: those that it names."""

    kind: Kind
    summary: str
    detail: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guidance:
    """By what cards are made: one edition, its words, and the evidence behind it."""

    edition: Edition
    words: HookWords
    evidence: EvidenceBase


def cards_for(service: str, asked: Asked, guidance: Guidance, *, today: date) -> list[Card]:
    """At most two cards; none where there is nothing to say."""
    words = guidance.words
    if service == RELAPSE:
        is_about = has_depression(asked.found["conditions"], words) and has_tms(
            asked.found["procedures"], words
        )
        return [_compare(words.compare.relapse, asked, guidance, today)] if is_about else []
    options = ordered(asked.orders, words)
    if not options:
        return []
    compare = _compare(words.compare.order, asked, guidance, today)
    pressure = newest_pressure(
        asked.found["bp"],
        today=today,
        days=words.blood_pressure.days,
        most=lambda part: _possible(guidance, part),
    )
    warning = _warning(options, pressure, guidance)
    return [compare, warning] if warning else [compare]


def _possible(guidance: Guidance, part: str) -> range:
    question = guidance.edition.questionnaire.question(
        guidance.words.blood_pressure.questions[part]
    )
    least, most = getattr(question, "min", 0), getattr(question, "max", 0)
    return range(int(least), int(most) + 1)


def _compare(summary: str, asked: Asked, guidance: Guidance, today: date) -> Card:
    words = guidance.words.compare
    lines = [words.detail]
    phq9 = newest_phq9(asked.found["phq9"], today=today)
    if phq9 is not None:
        filled = {"points": plain(str(phq9.points)), "day": plain(f"{phq9.day:%b %-d, %Y}")}
        lines.append(words.phq9.format_map(filled))
    release = {
        "edition": plain(guidance.edition.id),
        "release": plain(guidance.evidence.release),
    }
    lines.append(words.release.format_map(release))
    return Card(Kind.COMPARE, summary, "\n\n".join(lines))


def _warning(
    options: tuple[OptionId, ...], pressure: BloodPressure, guidance: Guidance
) -> Card | None:
    """What stops an ordered option, before what is missing and could."""
    words = guidance.words
    names = words.blood_pressure.questions
    said = {names["systolic"]: pressure.systolic, names["diastolic"]: pressure.diastolic}
    stops = _rules(options, said, guidance.edition, Truth.TRUE)
    missing = [] if pressure.is_known else _rules(options, said, guidance.edition, Truth.UNKNOWN)
    for rules, summary, why in (
        (stops, words.warning.stops, words.warning.why_stops),
        (missing, words.warning.missing, words.warning.why_missing),
    ):
        if rules:
            concerned = [one for one in options if any(_is_about(rule, one) for rule in rules)]
            filled = {
                "fact": words.blood_pressure.name,
                "value": str(pressure),
                "option": " and ".join(words.orders[one].name for one in concerned),
            }
            lines = [why.format_map({"days": words.blood_pressure.days})]
            lines += [f"* {_rule(rule, guidance)}" for rule in rules]
            named = tuple(rule.id for rule in rules)
            return Card(Kind.WARNING, summary.format_map(filled), "\n".join(lines), named)
    return None


def _rules(
    options: Iterable[OptionId],
    said: Mapping[str, int | None],
    edition: Edition,
    truth: Truth,
) -> list[Rule]:
    """The stopping rules of these options that look at what is said, where this is what they are.

    Everything else of the patient is open: it stays unknown.
    """
    facts: dict[str, Fact] = defaultdict(lambda: Missing.UNKNOWN)
    facts |= {key: value for key, value in said.items() if value is not None}
    return [
        rule
        for rule in edition.rules
        if rule.effect in STOPPING
        and any(_is_about(rule, one) for one in options)
        and said.keys() & ids_in(rule.when)
        and rule.when.evaluate(facts) is truth
    ]


def _is_about(rule: Rule, option: OptionId) -> bool:
    """An urgent rule is about every option: nothing else comes first."""
    return rule.effect is Effect.URGENT or option in rule.options


def _rule(rule: Rule, guidance: Guidance) -> str:
    sources = [guidance.evidence.source(key) for key in rule.evidence]
    named = "; ".join(one.short_name or one.title or one.key for one in sources)
    warning = guidance.words.warning
    return warning.rule.format_map(
        {
            "because": plain(rule.because),
            "rule": plain(rule.id),
            "sources": plain(named) or warning.no_source,
        }
    )


# For the caller


def in_json(
    card: Card, card_id: str, guidance: Guidance, *, link: Link, label: str
) -> dict[str, Any]:
    """A card as CDS Hooks has it. label: of the product."""
    words = guidance.words
    shown: dict[str, Any] = {
        "uuid": card_id,
        "summary": card.summary,
        "indicator": card.kind.value,
        "detail": card.detail,
        "source": {"label": label},
        "overrideReasons": [
            {"code": one.code, "system": "urn:kapnet:override-reason", "display": one.display}
            for one in words.override_reasons
        ],
    }
    if card.kind is Kind.COMPARE:
        shown["links"] = [{"label": words.compare.link, "url": link.url, "type": link.kind}]
    return shown
