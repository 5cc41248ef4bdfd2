"""What the answers say so far: the panel beside the questions."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.option_columns import marker_of
from decisions.cases.decision.sensitivity import NextQuestion, present_next_question
from decisions.cases.question_links import QuestionLink, link_to
from decisions.documents.words.reading import result_words
from decisions.rules.engine.held_open import held_open_by
from decisions.rules.engine.outcomes import OptionOutcome, ShownAs, Verdict
from decisions.rules.engine.rules import OptionId
from decisions.rules.question_names import question_names


@dataclass(frozen=True)
class OptionSoFar:
    """One option in the panel."""

    option: OptionId
    verdict: Verdict
    shown_as: ShownAs
    word: str
    """What stands for it, in words."""
    marker: str
    """The shape beside the name."""
    leads: bool
    is_barred: bool
    because: str
    is_held_back: bool
    """`because` is the sentence of a bar."""
    waits_for: tuple[QuestionLink, ...]
    bars_wait_for: tuple[QuestionLink, ...]
    not_asked_yet: tuple[str, ...]
    """What holds it back as long as it has not been asked; the next, as long as it is not known."""
    not_known_yet: tuple[str, ...]

    @property
    def is_held_open(self) -> bool:
        """Whether to say what it is held back by as long as it is open."""
        shown = self.shown_as is ShownAs.LESS_SUITABLE
        return shown and bool(self.not_asked_yet or self.not_known_yet)

    @property
    def first(self) -> QuestionLink | None:
        """The question to answer first."""
        return next(iter(self.waits_for), None)


@dataclass(frozen=True)
class SoFar:
    """The panel: the options in their fixed order."""

    options: tuple[OptionSoFar, ...]
    first_course: bool
    next_question: NextQuestion | None
    is_settled: bool
    """Whether nothing missing matters any more; looked at once there is nothing to ask."""


def state_of(file: CaseFile) -> tuple[object, ...]:
    """Of the panel: differs when something worth announcing changed."""
    shown = file.shown
    return tuple(
        (one.verdict, shown.shown_as(option), one.leads) for option, one in shown.options.items()
    )


def so_far(file: CaseFile) -> SoFar:
    """The panel of a case as it is now."""
    following = present_next_question(file)
    return SoFar(
        options=tuple(_option(file, one) for one in file.shown.options.values()),
        first_course=file.outcome.first_course,
        next_question=following,
        is_settled=following is None and _is_settled(file),
    )


def _is_settled(file: CaseFile) -> bool:
    """Whether nothing is pending and nothing that is missing can change who leads."""
    pending = any(one.pending for one in file.outcome.options.values())
    return not pending and file.reckoning.robustness.settled


def _option(file: CaseFile, one: OptionOutcome) -> OptionSoFar:
    reasons = (*one.stops, *one.reviews, *one.bars)
    shown_as = file.shown.shown_as(one.option)
    held_open = held_open_by(one, file.answers_in_words if one.is_held_open else ())
    names = question_names(file.edition.id)
    return OptionSoFar(
        option=one.option,
        verdict=one.verdict,
        shown_as=shown_as,
        word=result_words(file.edition.id).shown_as[shown_as],
        marker=marker_of(shown_as, one),
        leads=one.leads,
        is_barred=one.barred,
        because=reasons[0].because if reasons else "",
        is_held_back=bool(one.bars) and not one.stops and not one.reviews,
        waits_for=_links(file, {name for each in one.pending for name in each.waits_for}),
        bars_wait_for=_links(file, {name for each in one.pending_bars for name in each.waits_for}),
        not_asked_yet=tuple(names[name] for name in held_open.not_asked),
        not_known_yet=tuple(names[name] for name in held_open.not_known),
    )


def _links(file: CaseFile, names: set[str]) -> tuple[QuestionLink, ...]:
    questionnaire = file.edition.questionnaire
    return tuple(link_to(file, name) for name in questionnaire.in_order(names))
