"""An outcome as the rows of the decision page; of a recorded one, from what was stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from decisions.cited import Cited
from decisions.domain.answers_in_words import AnswerInWords, AnswerState
from decisions.domain.edition import Edition
from decisions.domain.outcomes import (
    Citation,
    Finding,
    OptionOutcome,
    Outcome,
    Pending,
    PositionCitation,
    Verdict,
)
from decisions.domain.rules import OptionId
from decisions.models import Decision
from decisions.question_names import question_names
from decisions.rule_in_words import condition_in_words
from evidence.domain import EvidenceBase
from evidence.page_presenters import GuidelineRow, present_positions
from evidence.presenters import SourceView, present_source

ACTS_FIRST = "act_first"
"""Stands in place of a verdict while an urgent rule is true and nothing else comes before it."""
_YIELDS = frozenset({Verdict.LESS_SUITABLE, Verdict.FAVOURED, Verdict.REASONABLE})


class Band(StrEnum):
    """The rows of the ledger, in order."""

    FORBIDS = "forbids"
    UNKNOWN = "unknown"
    FAVOUR = "favour"
    AGAINST = "against"
    SILENT = "silent"
    PLAN = "plan"


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
class Drawer:
    """One source, open under the row that cites it."""

    source: SourceView
    because: str
    opener: str


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

    @property
    def rests_on_nothing_named(self) -> bool:
        """Whether it names neither source nor position."""
        return not (self.sources or self.positions)


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
class Row:
    """One band of one column."""

    band: Band
    number: int
    reasons: tuple[Reason, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    drawer: Drawer | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here."""
        return not (self.reasons or self.waiting)


@dataclass(frozen=True)
class Column:
    """One option with its head and its bands."""

    number: int
    outcome: OptionOutcome
    verdict: str
    held_back: tuple[Finding, ...]
    still_to_ask: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def option(self) -> OptionId:
        """Which option this is."""
        return self.outcome.option

    @property
    def would_lead(self) -> bool:
        """Whether it leads without being cleared."""
        return self.outcome.leads and self.outcome.verdict in {
            Verdict.SPECIALIST_REVIEW,
            Verdict.MORE_INFORMATION,
        }

    @property
    def is_unproven(self) -> bool:
        """Whether both at once leads by the patient's choice alone."""
        return (
            self.outcome.leads
            and self.option is OptionId.BOTH
            and self.outcome.verdict is Verdict.REASONABLE
            and not self.still_to_ask
        )


@dataclass(frozen=True)
class DecisionPage:
    """Everything that the decision page shows, live or as recorded."""

    case_line: tuple[str, ...]
    outcome: Outcome
    columns: tuple[Column, ...]
    notes: tuple[Reason, ...]
    alternatives: Reason | None
    guidelines: tuple[GuidelineRow, ...]
    recorded: Decision | None
    has_silent: bool


@dataclass(frozen=True)
class _Context:
    """What every row needs to be made."""

    edition: Edition
    cited: Cited
    names: Mapping[str, str]
    words: Mapping[str, AnswerInWords]
    open_source: tuple[str, str] | None


def present_decision(
    *,
    case_line: tuple[str, ...],
    edition: Edition,
    outcome: Outcome,
    answers_in_words: Iterable[AnswerInWords],
    cited: Cited,
    open_source: tuple[str, str] | None = None,
    recorded: Decision | None = None,
) -> DecisionPage:
    """The decision page.

    open_source: key of the source whose drawer is open, and the id of the reason that cites it.
    """
    words = {one.question: one for one in answers_in_words}
    context = _Context(edition, cited, question_names(edition.id), words, open_source)
    notes = _reasons(context, "case", outcome.notes)
    general = [one for one in notes if edition.rule(one.finding.rule).when.op == "always"]
    return DecisionPage(
        case_line=case_line,
        outcome=outcome,
        columns=tuple(
            _column(context, number, one, outcome)
            for number, one in enumerate(outcome.options.values(), start=1)
        ),
        notes=tuple(one for one in notes if one not in general),
        alternatives=general[0] if general else None,
        guidelines=tuple(present_positions(_evidence_of(outcome, cited))),
        recorded=recorded,
        has_silent=any(one.silent for one in outcome.options.values()),
    )


def _evidence_of(outcome: Outcome, cited: Cited) -> EvidenceBase:
    """What was kept of the evidence, as evidence."""
    return EvidenceBase(
        release=outcome.evidence_release,
        sources=cited.sources,
        positions=cited.positions,
        retracted=frozenset(cited.retracted),
    )


def _column(context: _Context, number: int, one: OptionOutcome, outcome: Outcome) -> Column:
    yields = bool(outcome.urgent) and one.verdict in _YIELDS
    pending_bars = {name for pending in one.pending_bars for name in pending.waits_for}
    return Column(
        number=number,
        outcome=one,
        verdict=ACTS_FIRST if yields else one.verdict,
        held_back=one.bars,
        still_to_ask=tuple(
            context.names[name] for name in context.edition.questionnaire.in_order(pending_bars)
        ),
        rows=tuple(_row(context, one, band, place) for place, band in enumerate(Band, start=1)),
    )


def _row(context: _Context, one: OptionOutcome, band: Band, number: int) -> Row:
    if band is Band.UNKNOWN:
        return Row(band, number, waiting=tuple(_waiting(context, each) for each in one.pending))
    reasons = _reasons(context, one.option, _findings(one, band))
    return Row(band, number, reasons=reasons, drawer=_drawer(context, reasons))


def _findings(one: OptionOutcome, band: Band) -> tuple[Finding, ...]:
    match band:
        case Band.FORBIDS:
            return (*one.stops, *one.reviews)
        case Band.FAVOUR:
            return one.favour
        case Band.AGAINST:
            return one.against
        case Band.SILENT:
            return one.silent
        case Band.PLAN:
            return one.notes
        case Band.UNKNOWN:
            return ()


def _reasons(context: _Context, place: str, findings: Iterable[Finding]) -> tuple[Reason, ...]:
    return tuple(_reason(context, place, finding) for finding in findings)


def _reason(context: _Context, place: str, finding: Finding) -> Reason:
    reason_id = f"{place}.{finding.rule}"
    return Reason(
        id=reason_id,
        finding=finding,
        used=tuple(_used(context, finding)),
        condition=condition_in_words(context.edition, finding.rule),
        sources=_links(context, reason_id, finding.evidence),
        counter=_links(context, reason_id, finding.counter),
        positions=finding.positions,
    )


def _used(context: _Context, finding: Finding) -> Iterable[UsedAnswer]:
    for name in finding.questions:
        answer = context.words[name]
        if answer.state is not AnswerState.NOT_ASKED:
            yield UsedAnswer(context.names[name], answer.words)


def _links(
    context: _Context, reason_id: str, citations: Iterable[Citation]
) -> tuple[SourceLink, ...]:
    return tuple(
        SourceLink(
            citation=citation,
            id=f"{reason_id}.{citation.key}",
            query=urlencode({"source": citation.key, "rule": reason_id}),
            is_open=context.open_source == (citation.key, reason_id),
        )
        for citation in citations
    )


def _drawer(context: _Context, reasons: Iterable[Reason]) -> Drawer | None:
    """The drawer of the open source, where one of these reasons cites it."""
    for reason in reasons:
        for link in (*reason.sources, *reason.counter):
            source = context.cited.source(link.citation.key) if link.is_open else None
            if source is not None:
                view = present_source(source, retracted=link.citation.retracted)
                return Drawer(view, reason.finding.because, link.id)
    return None


def _waiting(context: _Context, pending: Pending) -> Waiting:
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
