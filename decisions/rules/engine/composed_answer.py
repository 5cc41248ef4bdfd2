"""The answer in one or two sentences, composed from the outcome alone.

The first sentence says what the result comes to. The second says of each other option the one
thing that keeps it from leading. Options are never compared beyond what the outcome says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from decisions.rules.engine.answer_words import Clause, Lead, for_count
from decisions.rules.engine.outcome_sums import sum_in
from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome, Pending, Verdict
from decisions.rules.engine.result_words import ResultWords
from decisions.rules.engine.rules import OptionId
from decisions.rules.engine.verdicts import LEADING_SUM

NAMED = 2
"""How many reasons a sentence names before it counts the others."""


@dataclass(frozen=True)
class ComposedAnswer:
    """The answer. lead, clauses: what kinds of sentences it is made of.

    first: the sentence that answers; rest: what is said of the other options, or nothing.
    """

    lead: Lead
    clauses: Mapping[OptionId, Clause]
    first: str
    rest: str

    @property
    def acts_first(self) -> bool:
        """Whether something comes before any choice, and takes the place of the answer."""
        return self.lead is Lead.ACT_FIRST

    def __str__(self) -> str:
        return f"{self.first} {self.rest}".strip()


def compose_answer(
    outcome: Outcome, words: ResultWords, phrases: Mapping[str, str]
) -> ComposedAnswer:
    """The answer of an outcome, as its edition says it.

    phrases: rule id -> the rule in few words. Has a sentence for every outcome.
    """
    lead = lead_of(outcome)
    clauses = {} if lead is Lead.ACT_FIRST else _clauses(outcome, lead)
    say = _Saying(outcome, words, phrases)
    return ComposedAnswer(lead, clauses, say.first(lead), say.rest(clauses))


def lead_of(outcome: Outcome) -> Lead:
    """What the result comes to."""
    if outcome.urgent:
        return Lead.ACT_FIRST
    if outcome.leading:
        return _lead_of_leader(outcome.options[outcome.leading[0]])
    able = open_options(outcome)
    if not able:
        every = all(one.stops for one in outcome.options.values())
        return Lead.NONE_SUITABLE if every else Lead.NONE_OPEN
    close = len(outcome.close) > 1 and _top(outcome, outcome.close) >= LEADING_SUM
    return Lead.CLOSE if close else Lead.TOO_LITTLE


def _lead_of_leader(one: OptionOutcome) -> Lead:
    match one.verdict:
        case Verdict.FAVOURED:
            return Lead.LEADS
        case Verdict.SPECIALIST_REVIEW:
            waits = one.pending or one.pending_bars
            return Lead.NEEDS_SPECIALIST_AND_ANSWERS if waits else Lead.NEEDS_SPECIALIST
        case Verdict.MORE_INFORMATION:
            return Lead.NEEDS_ANSWERS
        case _:
            return Lead.LEADS_SO_FAR if one.pending_bars else Lead.UNPROVEN


def open_options(outcome: Outcome) -> tuple[OptionId, ...]:
    """The options that may lead: neither forbidden nor held back, `both` with its own reason."""
    return tuple(
        option
        for option, one in outcome.options.items()
        if not one.stops and not one.barred and (one.favour or option is not OptionId.BOTH)
    )


def _top(outcome: Outcome, options: Iterable[OptionId]) -> int:
    return max(sum_in(outcome, option) for option in options)


def _clauses(outcome: Outcome, lead: Lead) -> dict[OptionId, Clause]:
    """What is said of each option that does not lead, unless the first sentence has said all."""
    said = _spoken_of(outcome, lead)
    found = {
        option: _clause(one)
        for option, one in outcome.options.items()
        if option not in outcome.leading
    }
    return {
        option: clause
        for option, clause in found.items()
        if option not in said or clause not in _REASONABLE
    }


_REASONABLE = frozenset({Clause.REASONABLE, Clause.REASONABLE_SO_FAR})


def _spoken_of(outcome: Outcome, lead: Lead) -> tuple[OptionId, ...]:
    """The options that the first sentence, or that about the preference, names."""
    if outcome.leading:
        return outcome.close if outcome.by_preference else outcome.leading
    match lead:
        case Lead.CLOSE:
            return outcome.close
        case Lead.TOO_LITTLE:
            return open_options(outcome)
        case _:
            return ()


def _clause(one: OptionOutcome) -> Clause:
    """The first thing that keeps an option from leading."""
    if one.stops:
        return Clause.STOP
    if one.bars:
        return Clause.BAR
    if one.option is OptionId.BOTH and not one.favour and not one.is_held_open:
        return Clause.NO_OWN_REASON
    if one.reviews:
        return Clause.REVIEW
    if one.is_held_open:
        return Clause.HELD_OPEN
    if one.pending:
        return Clause.PENDING
    if one.verdict is Verdict.LESS_SUITABLE:
        return Clause.BELOW_ZERO
    return Clause.REASONABLE_SO_FAR if one.pending_bars else Clause.REASONABLE


class _Part(NamedTuple):
    """One clause, its reasons and open questions, and the options of which it holds alike."""

    clause: Clause
    reasons: tuple[str, ...]
    open: frozenset[str]
    options: list[OptionId]


class _Saying:
    """Says one outcome in the words of its edition."""

    def __init__(self, outcome: Outcome, words: ResultWords, phrases: Mapping[str, str]) -> None:
        self._outcome, self._all, self._phrases = outcome, words, phrases
        self._words = words.answer

    def first(self, lead: Lead) -> str:
        """The sentence that answers."""
        outcome = self._outcome
        spoken_of = outcome.leading or _spoken_of(outcome, lead)
        leader = outcome.options[outcome.leading[0]] if outcome.leading else None
        reasons = outcome.urgent or (leader.reviews if leader else ())
        waiting = waits_for(leader) if leader else frozenset[str]()
        sentence = for_count(self._words.leads[lead], len(waiting)).format(
            options=self._listed(spoken_of),
            reasons=self._reasons([one.rule for one in reasons]),
            open=self._open(waiting),
        )
        return _capital(sentence)

    def rest(self, clauses: Mapping[OptionId, Clause]) -> str:
        """What is said of the other options, in their fixed order."""
        said = [*self._preferred(), *(self._say(part) for part in self._parts(clauses))]
        return _capital("; ".join(said)) + "." if said else ""

    def _preferred(self) -> Iterator[str]:
        if self._outcome.by_preference:
            yield self._words.by_preference.format(options=self._listed(self._outcome.close))

    def _parts(self, clauses: Mapping[OptionId, Clause]) -> list[_Part]:
        """The clauses, each once: two options of which the same holds share one."""
        parts: list[_Part] = []
        for option, clause in clauses.items():
            one = self._outcome.options[option]
            new = _Part(clause, _rules_of(clause, one), _open_of(clause, one), [option])
            alike = next((part for part in parts if part[:3] == new[:3]), None)
            if alike is None:
                parts.append(new)
            else:
                alike.options.append(option)
        return parts

    def _say(self, part: _Part) -> str:
        return for_count(self._words.clauses[part.clause], len(part.options)).format(
            options=self._listed(part.options),
            reasons=self._reasons(part.reasons),
            open=self._open(part.open),
        )

    def _listed(self, options: Sequence[OptionId]) -> str:
        named = [self._all.options_in_a_sentence[one] for one in options]
        return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))

    def _reasons(self, rules: Sequence[str]) -> str:
        """The first reasons in few words, and how many there are besides."""
        more = len(rules) - NAMED
        named = [self._phrases[rule] for rule in rules[:NAMED]]
        rest = [for_count(self._words.more, more).format(count=more)] if more > 0 else []
        return "; ".join((*named, *rest))

    def _open(self, questions: frozenset[str]) -> str:
        return for_count(self._words.open, len(questions)).format(count=len(questions))


def _rules_of(clause: Clause, one: OptionOutcome) -> tuple[str, ...]:
    """The first reason behind a clause: it is enough, and the others are listed elsewhere."""
    findings: dict[Clause, tuple[Finding, ...]] = {
        Clause.STOP: one.stops,
        Clause.BAR: one.bars,
        Clause.REVIEW: one.reviews,
    }
    return tuple(each.rule for each in findings.get(clause, ())[:1])


def _open_of(clause: Clause, one: OptionOutcome) -> frozenset[str]:
    """The open questions of which a clause speaks."""
    pending: dict[Clause, tuple[Pending, ...]] = {
        Clause.HELD_OPEN: one.pending_bars,
        Clause.PENDING: (*one.pending, *one.pending_bars),
        Clause.REASONABLE_SO_FAR: one.pending_bars,
    }
    return _questions(pending.get(clause, ()))


def waits_for(one: OptionOutcome) -> frozenset[str]:
    """The open questions that could still forbid an option, or hold it up or back."""
    return _questions((*one.pending, *one.pending_bars))


def _questions(pending: Iterable[Pending]) -> frozenset[str]:
    return frozenset(name for each in pending for name in each.waits_for)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
