"""The columns of the decision page: each option with its head, its bands and what decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from decisions.cases.decision.deciding import Deciding, deciding
from decisions.cases.decision.reasons import Context, Reason, reasons_of
from decisions.cases.decision.why_not import Obstacle, why_not
from decisions.documents.words.reading import result_words
from decisions.rules.engine.composed_answer import waits_for
from decisions.rules.engine.option_details import OptionDetails
from decisions.rules.engine.outcomes import (
    Citation,
    Finding,
    OptionOutcome,
    Outcome,
    ShownAs,
    Verdict,
)
from decisions.rules.engine.result_words import ResultWords
from decisions.rules.engine.rules import Effect, OptionId
from evidence.domain.terms import WithdrawnAs
from evidence.presenters.source import SourceView, present_source


class Band(StrEnum):
    """The rows of the ledger, in order."""

    FORBIDS = "forbids"
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
        """Whether nothing is here."""
        return not self.reasons


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
    to_clear: tuple[str, ...]
    """What must be cleared before it leads, what could forbid it first; for what would lead."""
    rows: tuple[Row, ...]
    obstacles: tuple[Obstacle, ...]
    deciding: Deciding
    carried: tuple[tuple[OptionId, int], ...]
    """Of both at once: what it carries of each half besides its own, and how much."""

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
    def open_count(self) -> int:
        """How many open questions it waits for; one that would lead also for those that could
        hold it back."""
        if self.outcome.would_lead:
            return len(self.to_clear)
        return len({name for one in self.outcome.pending for name in one.waits_for})

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


def column_of(
    context: Context,
    number: int,
    option: OptionId,
    outcome: Outcome,
    details: OptionDetails,
    say: Callable[[Finding], str],
) -> Column:
    """The column of an option. say: a true rule in few words."""
    one = outcome.options[option]
    pending_bars = {name for pending in one.pending_bars for name in pending.waits_for}
    in_order = context.edition.questionnaire.in_order
    own, held_open = details.own, details.held_open
    rows = tuple(_row(context, own, band, place) for place, band in enumerate(Band, start=1))
    weighed = [reason for row in rows if row.is_weighed for reason in row.reasons]
    return Column(
        number=number,
        outcome=one,
        shown_as=outcome.shown_as(one.option),
        words=result_words(outcome.edition),
        held_back=one.bars,
        still_to_ask=tuple(context.names[name] for name in in_order(pending_bars)),
        not_asked_yet=tuple(context.names[name] for name in held_open.not_asked),
        not_known_yet=tuple(context.names[name] for name in held_open.not_known),
        to_clear=_to_clear(context, one) if one.would_lead else (),
        rows=rows,
        obstacles=why_not(outcome, one.option, total=details.total),
        deciding=deciding(own, weighed, say),
        carried=details.carried,
    )


def _to_clear(context: Context, one: OptionOutcome) -> tuple[str, ...]:
    """What it waits for, by name: first what could forbid it."""
    stops = {name for each in one.pending if each.effect is Effect.STOP for name in each.waits_for}
    in_order = context.edition.questionnaire.in_order(waits_for(one))
    return tuple(
        context.names[name] for name in sorted(in_order, key=lambda name: name not in stops)
    )


def _row(context: Context, one: OptionOutcome, band: Band, number: int) -> Row:
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
    return WithdrawnAs.RETRACTED.label if citation.retracted else ""
