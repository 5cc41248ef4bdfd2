"""A recorded decision as plain text: as it was recorded, without what may not leave a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from decisions.cases.decision.cited import Cited
from decisions.cases.decision.short_answer import answer_of
from decisions.documents.words.plain_text import listed, numbered, part, whole
from decisions.documents.words.reading import result_words
from decisions.rules.engine.outcomes import (
    Finding,
    OptionOutcome,
    Outcome,
    Pending,
    PositionCitation,
)
from decisions.rules.engine.result_words import ResultWords, option_name
from decisions.rules.engine.rules import HALVES, OptionId
from evidence.domain.citation import cite_vancouver
from evidence.ending import Endings

LEFT_OUT: Final = (
    "{names}. Nothing follows from that about the answers. What the rules say here is worked out "
    "without them."
)
ORIGINAL: Final = "The decision recorded in Kapnet is the original."
INFORMS: Final = "It informs the judgment of a clinician and never replaces it."
COPY: Final = "Copy of decision {number} of case {case}, recorded {moment} by {person}."


@dataclass(frozen=True)
class DecisionSaid:
    """What a copy says of a decision, beside its outcome.

    patient: whom it is about, in one line. left_out: short names of the questions whose answers
    may not leave. since: what became of its evidence since, in sentences.
    """

    number: int
    case: str
    moment: str
    person: str
    patient: str
    chosen: str
    reasoning: str
    left_out: tuple[str, ...] = ()
    since: tuple[str, ...] = ()


def decision_as_text(
    said: DecisionSaid,
    outcome: Outcome,
    *,
    cited: Cited,
    names: Mapping[str, str],
    endings: Endings,
) -> str:
    """The decision. cited: its sources, as they were. names: short names of questions."""
    words = result_words(outcome.edition)
    places = _Places(cited)
    answer = answer_of(outcome, endings)
    urgent = [places.said(one) for one in outcome.urgent]
    options = [_option(words, outcome, one, places) for one in outcome.options.values()]
    notes = [places.said(one) for one in outcome.notes]
    return whole(
        (
            "\n".join((COPY.format(**_recorded(said)), *said.since)),
            said.patient,
            part("Act on this first", listed(urgent)),
            part("What was chosen", [said.chosen]),
            part("The clinician’s own reasoning", said.reasoning.splitlines()),
            part("What the rules say", [answer.first, answer.rest, INFORMS]),
            *options,
            part("Notes", listed(notes)),
            part(
                "Not asked yet, or not known", listed(_open_in(outcome, names, but=said.left_out))
            ),
            part("Left out", [LEFT_OUT.format(names="; ".join(said.left_out))])
            if said.left_out
            else "",
            part("Sources", numbered(places.sources)),
            f"Edition {outcome.edition}, evidence {outcome.evidence_release}. {ORIGINAL}",
        )
    )


def _recorded(said: DecisionSaid) -> dict[str, object]:
    return {
        "number": said.number,
        "case": said.case,
        "moment": said.moment,
        "person": said.person,
    }


def _open_in(outcome: Outcome, names: Mapping[str, str], *, but: tuple[str, ...]) -> list[str]:
    """The questions that something waits for, each once. but: those that are left out."""
    waiting = (
        question
        for one in outcome.options.values()
        for pending in (*one.pending, *one.pending_bars)
        for question in pending.waits_for
    )
    return [names[one] for one in dict.fromkeys(waiting) if names[one] not in but]


class _Places:
    """The numbers of the sources, in the order in which they are named first."""

    def __init__(self, cited: Cited) -> None:
        self._cited = cited
        self._named: dict[str, str] = {}
        """Key -> label."""

    def said(self, finding: Finding) -> str:
        """The sentence of a rule with the numbers of its sources; those against it apart."""
        named = {one.key: one.label for one in finding.evidence}
        named |= {one.guideline: one.label for one in finding.positions if self._is_named(one)}
        against = {one.key: one.label for one in finding.counter}
        said = f"{finding.because}{self._numbers(named)}"
        return f"{said} Limited by{self._numbers(against)}." if against else said

    def _is_named(self, position: PositionCitation) -> bool:
        """Not where it was withdrawn alone: its guideline counts for all else that it says."""
        return not position.withdrawn or self._cited.is_retracted(position.guideline)

    def _numbers(self, named: Mapping[str, str]) -> str:
        for key, label in named.items():
            self._named.setdefault(key, label)
        keys = list(self._named)
        numbers = sorted(keys.index(one) + 1 for one in named)
        return f" [{', '.join(map(str, numbers))}]" if numbers else ""

    @property
    def sources(self) -> list[str]:
        """Each source with its address, and how far it was read."""
        return [self._source(key, label) for key, label in self._named.items()]

    def _source(self, key: str, label: str) -> str:
        source = self._cited.source(key)
        if source is None:
            return label
        withdrawn = "no longer counts" if self._cited.is_retracted(key) else ""
        reference = cite_vancouver(source, withdrawn=withdrawn)
        address = f"https://doi.org/{source.doi}" if source.doi else source.url or ""
        shown = "" if address in reference else address
        return " ".join(filter(None, (reference, shown, f"({source.verified.label})")))


def _option(words: ResultWords, outcome: Outcome, one: OptionOutcome, places: _Places) -> str:
    name = option_name(words, one.option, first_course=outcome.first_course)
    verdict = words.shown_as[outcome.shown_as(one.option)]
    return part(name, [f"{verdict}.", *_reasons(outcome, one, places)])


def _reasons(outcome: Outcome, one: OptionOutcome, places: _Places) -> Iterator[str]:
    """Its reasons by kind. What both at once carries of its halves is said with them."""
    of_halves = _rules_of_halves(outcome) if one.option is OptionId.BOTH else frozenset()
    bars = {each.rule for each in one.bars}
    for kind, findings, but in (
        ("Stop", one.stops, of_halves),
        ("Specialist first", one.reviews, of_halves),
        ("Held back by", one.bars, of_halves),
        ("For", one.favour, of_halves),
        ("Against", one.against, of_halves | bars),
        ("No support left", one.silent, of_halves | bars),
        ("To plan for", one.notes, of_halves),
    ):
        for each in findings:
            if each.rule not in but:
                yield f"- {kind}: {places.said(each)}"
    for pending in (*one.pending, *one.pending_bars):
        if pending.rule not in of_halves:
            yield f"- Open: {pending.because}"
    if of_halves:
        yield "- What is said of each of the two holds here, too."


def _rules_of_halves(outcome: Outcome) -> frozenset[str]:
    return frozenset(each.rule for half in HALVES for each in _carried(outcome.options[half]))


def _carried(one: OptionOutcome) -> Iterator[Finding | Pending]:
    yield from (*one.stops, *one.reviews, *one.bars, *one.notes)
    yield from (*one.pending, *one.pending_bars)
