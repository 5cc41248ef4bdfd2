"""An outcome as the rows of the decision page; of a recorded one, from what was stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from decisions.cases.decision.cited import Cited
from decisions.cases.decision.reasons import Context, Reason, Waiting, reasons_of, waiting_of
from decisions.cases.decision.sensitivity import RobustnessView
from decisions.cases.decision.why_not import Obstacle, why_not
from decisions.cases.models import Decision
from decisions.documents.words.reading import result_words
from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.held_open import held_open_by
from decisions.rules.engine.outcomes import (
    Citation,
    Finding,
    OptionOutcome,
    Outcome,
    ShownAs,
    Verdict,
)
from decisions.rules.engine.result_words import ResultWords, say_pair
from decisions.rules.engine.rules import OptionId
from decisions.rules.question_names import question_names
from evidence.choices import WithdrawnAs
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.guide.reading import SentenceView
from evidence.presenters.lists import GuidelineRow, present_positions
from evidence.presenters.source import SourceView, present_source


class Band(StrEnum):
    """The rows of the ledger, in order."""

    FORBIDS = "forbids"
    UNKNOWN = "unknown"
    FAVOUR = "favour"
    AGAINST = "against"
    SILENT = "silent"
    PLAN = "plan"


_WEIGHED = frozenset({Band.FORBIDS, Band.FAVOUR, Band.AGAINST})
"""The bands whose reasons can decide."""


@dataclass(frozen=True)
class Drawer:
    """One source, open under the row that cites it."""

    source: SourceView
    because: str
    opener: str


@dataclass(frozen=True)
class Row:
    """One band of one column."""

    band: Band
    number: int
    reasons: tuple[Reason, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    drawer: Drawer | None = None

    @property
    def because(self) -> tuple[Reason, ...]:
        """The reasons without which the result would be another."""
        return tuple(one for one in self.reasons if one.decides)

    @property
    def also(self) -> tuple[Reason, ...]:
        """The other reasons."""
        return tuple(one for one in self.reasons if not one.decides)

    @property
    def is_weighed(self) -> bool:
        """Whether its reasons can decide."""
        return self.band in _WEIGHED

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here."""
        return not (self.reasons or self.waiting)


@dataclass(frozen=True)
class Column:
    """One option with its head and its bands."""

    number: int
    outcome: OptionOutcome
    shown_as: ShownAs
    words: ResultWords
    held_back: tuple[Finding, ...]
    still_to_ask: tuple[str, ...]
    not_asked_yet: tuple[str, ...]
    """What holds it back as long as it has not been asked; the next, as long as it is not known."""
    not_known_yet: tuple[str, ...]
    rows: tuple[Row, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def option(self) -> OptionId:
        """Which option this is."""
        return self.outcome.option

    @property
    def marker(self) -> str:
        """The shape beside its name: of the act-first step, or of its verdict."""
        return marker_of(self.shown_as, self.outcome)

    @property
    def word(self) -> str:
        """What stands for it, in words."""
        return self.words.shown_as[self.shown_as]

    @property
    def nothing_decides(self) -> bool:
        """Whether it has reasons, and the result would be the same without any one of them."""
        reasons = [one for row in self.rows if row.is_weighed for one in row.reasons]
        return bool(reasons) and not any(one.decides for one in reasons)

    @property
    def is_unproven(self) -> bool:
        """Whether both at once leads by the patient's choice alone."""
        return (
            self.outcome.leads
            and self.option is OptionId.BOTH
            and self.outcome.verdict is Verdict.REASONABLE
            and not self.still_to_ask
        )


def marker_of(shown_as: ShownAs, one: OptionOutcome) -> str:
    """The shape beside the name of an option. What would lead keeps that of its verdict."""
    return shown_as.value if shown_as is ShownAs.ACT_FIRST else one.verdict.value


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
    robustness: RobustnessView | None
    """None of a decision that was recorded without it."""
    of_the_pair: tuple[SentenceView, ...]
    """What the evidence of today says of both at once in general; nothing beside a recorded one."""

    @property
    def both(self) -> Column:
        """The column of both at once."""
        return next(one for one in self.columns if one.option is OptionId.BOTH)

    @property
    def both_in_this_patient(self) -> str:
        """What holds of both at once in this patient."""
        return say_pair(result_words(self.outcome.edition).pair, self.outcome)


def present_decision(
    *,
    case_line: tuple[str, ...],
    edition: Edition,
    outcome: Outcome,
    answers_in_words: Iterable[AnswerInWords],
    cited: Cited,
    endings: Endings,
    open_source: tuple[str, str] | None = None,
    recorded: Decision | None = None,
    decisive: Mapping[OptionId, tuple[str, ...]] | None = None,
    robustness: RobustnessView | None = None,
    of_the_pair: tuple[SentenceView, ...] = (),
) -> DecisionPage:
    """The decision page.

    decisive: per option the rules that decide; None where it was not recorded.

    endings: what of the evidence of today has ended, also beside a recorded decision.

    open_source: key of the source whose drawer is open, and the id of the reason that cites it.
    """
    words = {one.question: one for one in answers_in_words}
    context = Context(
        edition, cited, question_names(edition.id), words, open_source, decisive or {}
    )
    notes = reasons_of(context, "case", outcome.notes)
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
        guidelines=tuple(present_positions(_evidence_of(outcome, cited), endings)),
        recorded=recorded,
        robustness=robustness,
        of_the_pair=of_the_pair,
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


def _column(context: Context, number: int, one: OptionOutcome, outcome: Outcome) -> Column:
    pending_bars = {name for pending in one.pending_bars for name in pending.waits_for}
    held_open = held_open_by(one, context.words.values())
    return Column(
        number=number,
        outcome=one,
        shown_as=outcome.shown_as(one.option),
        words=result_words(outcome.edition),
        held_back=one.bars,
        still_to_ask=tuple(
            context.names[name] for name in context.edition.questionnaire.in_order(pending_bars)
        ),
        not_asked_yet=tuple(context.names[name] for name in held_open.not_asked),
        not_known_yet=tuple(context.names[name] for name in held_open.not_known),
        rows=tuple(_row(context, one, band, place) for place, band in enumerate(Band, start=1)),
        obstacles=why_not(outcome, one.option),
    )


def _row(context: Context, one: OptionOutcome, band: Band, number: int) -> Row:
    if band is Band.UNKNOWN:
        return Row(band, number, waiting=tuple(waiting_of(context, each) for each in one.pending))
    reasons = reasons_of(context, one.option, _findings(one, band))
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


def _drawer(context: Context, reasons: Iterable[Reason]) -> Drawer | None:
    """The drawer of the open source, where one of these reasons cites it."""
    for reason in reasons:
        for link in (*reason.sources, *reason.counter):
            source = context.cited.source(link.citation.key) if link.is_open else None
            if source is not None:
                view = present_source(source, withdrawn=_withdrawn(link.citation))
                return Drawer(view, reason.finding.because, link.id)
    return None


def _withdrawn(citation: Citation) -> str:
    return str(WithdrawnAs.RETRACTED.label) if citation.retracted else ""
