"""An outcome as the decision page; of a recorded one, from what was stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decisions.cases.decision.cited import Cited
from decisions.cases.decision.guidelines import Guidelines, guidelines_in
from decisions.cases.decision.open_questions import NotKnown, not_known
from decisions.cases.decision.option_columns import Column, column_of
from decisions.cases.decision.reasons import Context, Reason, reasons_of
from decisions.cases.decision.sensitivity import RobustnessView
from decisions.cases.decision.short_answer import answer_of, phrases_of
from decisions.cases.decision.would_change import WouldChange
from decisions.cases.models import Decision
from decisions.documents.letter.loading import load_words
from decisions.documents.words.reading import result_words
from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.composed_answer import ComposedAnswer
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.option_details import OptionDetails, details_of
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.result_words import say_pair
from decisions.rules.engine.rules import OptionId
from decisions.rules.question_names import question_names
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.guide.reading import SentenceView


@dataclass(frozen=True)
class DecisionPage:
    """Everything that the decision page shows, live or as recorded."""

    case_line: tuple[str, ...]
    preference: str
    outcome: Outcome
    answer: ComposedAnswer
    columns: tuple[Column, ...]
    unknown: NotKnown
    notes: tuple[Reason, ...]
    alternatives: Reason | None
    guidelines: Guidelines
    recorded: Decision | None
    none_now: str
    """What "none of these now" can be, in few words."""
    has_silent: bool
    robustness: RobustnessView | None
    """None of a decision that was recorded without it."""
    would_change: WouldChange | None
    """What would change the answer, in short; None where `robustness` is."""
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
    preference: str = "",
    recorded: Decision | None = None,
    decisive: Mapping[OptionId, tuple[str, ...]] | None = None,
    robustness: RobustnessView | None = None,
    would_change: WouldChange | None = None,
    of_the_pair: tuple[SentenceView, ...] = (),
    guidelines: Guidelines | None = None,
) -> DecisionPage:
    """The decision page.

    decisive: per option the rules that decide; None where it was not recorded.
    endings: what of the evidence of today has ended, also beside a recorded decision.
    guidelines: those of today; left out of a recorded one, which shows what it kept.
    open_source: key of the source whose drawer is open, and the id of the reason that cites it.
    """
    words, names = {one.question: one for one in answers_in_words}, question_names(edition.id)
    context = Context(edition, cited, names, words, open_source, decisive or {})
    answer, details = answer_of(outcome, endings), details_of(outcome, words.values())
    notes, general = _notes(context, outcome)
    return DecisionPage(
        case_line=case_line,
        preference=preference,
        outcome=outcome,
        answer=answer,
        columns=_columns(context, outcome, details, endings),
        unknown=not_known(context, outcome),
        notes=notes,
        alternatives=general,
        none_now=load_words(outcome.edition).none_now_for,
        guidelines=guidelines or guidelines_in(_evidence_of(outcome, cited), endings),
        recorded=recorded,
        robustness=robustness,
        would_change=would_change,
        of_the_pair=of_the_pair,
        has_silent=any(one.silent for one in outcome.options.values()),
    )


def _columns(
    context: Context,
    outcome: Outcome,
    details: Mapping[OptionId, OptionDetails],
    endings: Endings,
) -> tuple[Column, ...]:
    say = phrases_of(outcome.edition, endings)
    return tuple(
        column_of(context, number, option, outcome, details[option], say)
        for number, option in enumerate(outcome.options, start=1)
    )


def _notes(context: Context, outcome: Outcome) -> tuple[tuple[Reason, ...], Reason | None]:
    """The notes of the case, and apart from them the one that holds of everybody."""
    notes = reasons_of(context, "case", outcome.notes)
    always = [one for one in notes if context.edition.rule(one.finding.rule).when.op == "always"]
    return tuple(one for one in notes if one not in always), always[0] if always else None


def _evidence_of(outcome: Outcome, cited: Cited) -> EvidenceBase:
    """What was kept of the evidence, as evidence."""
    return EvidenceBase(
        release=outcome.evidence_release,
        sources=cited.sources,
        positions=cited.positions,
        retracted=frozenset(cited.retracted),
    )
