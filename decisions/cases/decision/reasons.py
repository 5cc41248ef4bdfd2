"""One true rule as a column of the decision page shows it, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from decisions.cases.decision.cited import Cited
from decisions.cases.decision.rule_in_words import condition_in_words
from decisions.rules.engine.answers_in_words import AnswerInWords, AnswerState
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Citation, Finding, Pending, PositionCitation
from decisions.rules.engine.rules import OptionId
from kapnet.core.web.kept_parts import MOST, Pieces, in_pieces, place, put_in


@dataclass(frozen=True)
class UsedAnswer:
    """An answer that a rule used: the question's short name and the words."""

    name: str
    words: str


@dataclass(frozen=True)
class SourceLink:
    """A cited source and where its drawer opens."""

    citation: Citation
    id: str
    query: str
    is_open: bool


@dataclass(frozen=True)
class Reason:
    """A true rule in one column."""

    id: str
    finding: Finding
    used: tuple[UsedAnswer, ...]
    condition: str
    sources: tuple[SourceLink, ...]
    counter: tuple[SourceLink, ...]
    positions: tuple[PositionCitation, ...]
    decides: bool

    @property
    def answers(self) -> str:
        """The answers that it used; empty where it holds of everybody."""
        return " · ".join(f"{one.name}: {one.words}" for one in self.used)

    @property
    def drawn(self) -> SafeString:
        """As a column shows it: the answers are put into what is kept of the rest."""
        pieces = _pieces(
            self.id, self.finding, self.condition, self.sources, self.counter, bool(self.used)
        )
        return put_in(pieces, {"answers": self.answers})


@lru_cache(maxsize=MOST)
def _pieces(
    reason_id: str,
    finding: Finding,
    condition: str,
    sources: tuple[SourceLink, ...],
    counter: tuple[SourceLink, ...],
    used_any: bool,
) -> Pieces:
    reason = {
        "id": reason_id,
        "finding": finding,
        "condition": condition,
        "sources": sources,
        "counter": counter,
        "answers": place("answers") if used_any else "",
    }
    return in_pieces("decisions/decision_reason.html", {"reason": reason})


@dataclass(frozen=True)
class Waiting:
    """An unknown stop or review, and the question to answer first."""

    pending: Pending
    question: str
    name: str
    section: str
    others: int
    condition: str


@dataclass(frozen=True)
class Context:
    """What every reason needs to be said.

    decisive: per option the rules that decide; empty where it was not recorded.
    """

    edition: Edition
    cited: Cited
    names: Mapping[str, str]
    words: Mapping[str, AnswerInWords]
    open_source: tuple[str, str] | None
    decisive: Mapping[OptionId, tuple[str, ...]]


def reasons_of(context: Context, place: str, findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """These true rules as a column shows them. place: the option, or "case"."""
    return tuple(_reason(context, place, finding) for finding in findings)


def _reason(context: Context, place: str, finding: Finding) -> Reason:
    reason_id = f"{place}.{finding.rule}"
    return Reason(
        id=reason_id,
        finding=finding,
        used=tuple(_used(context, finding)),
        condition=condition_in_words(context.edition, finding.rule),
        sources=_links(context, reason_id, finding.evidence),
        counter=_links(context, reason_id, finding.counter),
        positions=finding.positions,
        decides=finding.rule in _decisive(context, place),
    )


def _decisive(context: Context, place: str) -> tuple[str, ...]:
    return next((rules for option, rules in context.decisive.items() if option == place), ())


def _used(context: Context, finding: Finding) -> Iterable[UsedAnswer]:
    for name in finding.questions:
        answer = context.words[name]
        if answer.state is not AnswerState.NOT_ASKED:
            yield UsedAnswer(context.names[name], answer.words)


def _links(
    context: Context, reason_id: str, citations: Iterable[Citation]
) -> tuple[SourceLink, ...]:
    return tuple(
        SourceLink(
            citation=citation,
            id=f"{reason_id}.{citation.key}",
            query=_query(citation.key, reason_id),
            is_open=context.open_source == (citation.key, reason_id),
        )
        for citation in citations
    )


@lru_cache(maxsize=4096)
def _query(key: str, reason_id: str) -> str:
    return urlencode({"source": key, "rule": reason_id})


def waiting_of(context: Context, pending: Pending) -> Waiting:
    """The first question that can be answered now; where none is asked yet, the first of all."""
    asked = [
        name for name in pending.waits_for if context.words[name].state is not AnswerState.NOT_ASKED
    ]
    first = next(iter(asked or pending.waits_for))
    return Waiting(
        pending=pending,
        question=first,
        name=context.names[first],
        section=context.words[first].section,
        others=len(pending.waits_for) - 1,
        condition=condition_in_words(context.edition, pending.rule),
    )
