"""What a questioned result looks like: settled or not, what would change it, what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.ended import say_rule
from decisions.cases.decision.questioned import Questioned
from decisions.cases.question_links import QuestionLink, link_to
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome, Verdict
from decisions.rules.engine.rules import OptionId
from decisions.rules.question_names import question_names
from decisions.rules.sensitivity.changes import Change, Step
from decisions.rules.sensitivity.settled import Robustness
from evidence.ending import Endings

FEW = 5
"""How many questions, or changes of an option, are shown before the rest is folded away."""

_RANKS = (
    Verdict.NOT_SUITABLE,
    Verdict.SPECIALIST_REVIEW,
    Verdict.MORE_INFORMATION,
    Verdict.LESS_SUITABLE,
    Verdict.REASONABLE,
    Verdict.FAVOURED,
)
"""The verdicts from the one that closes an option most to the one that opens it most."""


@dataclass(frozen=True)
class RobustnessView:
    """Whether the result is settled. depends_on: links, without an address on recorded pages."""

    settled: bool
    settled_on: tuple[OptionId, ...]
    leading: tuple[OptionId, ...]
    depends_on: tuple[QuestionLink, ...]
    has_pending: bool
    """Whether a stop or review still waits for an answer."""

    @property
    def is_as_now(self) -> bool:
        """Whether it is settled on what leads now."""
        return self.settled_on == self.leading

    @property
    def few(self) -> tuple[QuestionLink, ...]:
        """The first questions that it depends on."""
        return self.depends_on[:FEW]

    @property
    def more(self) -> tuple[QuestionLink, ...]:
        """The others."""
        return self.depends_on[FEW:]


def present_robustness(file: CaseFile) -> RobustnessView:
    """Of a case as it stands, with links to the questions."""
    robustness = file.reckoned.robustness
    links = [link_to(file, name, back_to="decision") for name in robustness.depends_on]
    return _robustness(robustness, file.outcome, links)


def present_recorded_robustness(
    edition: Edition, outcome: Outcome, questioned: Questioned
) -> RobustnessView:
    """Of a recorded decision: nothing to follow, its answers no longer change."""
    names = question_names(edition.id)
    robustness = questioned.robustness
    without_address = [QuestionLink(name, names[name], "") for name in robustness.depends_on]
    return _robustness(robustness, outcome, without_address)


def _robustness(
    robustness: Robustness, outcome: Outcome, links: Iterable[QuestionLink]
) -> RobustnessView:
    return RobustnessView(
        settled=robustness.settled,
        settled_on=robustness.settled_on,
        leading=outcome.leading,
        depends_on=tuple(links),
        has_pending=any(one.pending for one in outcome.options.values()),
    )


@dataclass(frozen=True)
class StepInWords:
    """One answer that would have to be another. added, removed: of several choices.

    is_label: whether the words are those of a choice.
    """

    name: str
    words: str
    added: str = ""
    removed: str = ""
    is_label: bool = False


@dataclass(frozen=True)
class ChangeView:
    """What would give an option another verdict, with the sentences of the rules it turns on."""

    steps: tuple[StepInWords, ...]
    verdict: Verdict
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class ChangesOfOption:
    """What would change the verdict of one option, the most useful first."""

    option: OptionId
    verdict: Verdict
    changes: tuple[ChangeView, ...]

    @property
    def few(self) -> tuple[ChangeView, ...]:
        """The most useful ones."""
        return self.changes[:FEW]

    @property
    def more(self) -> tuple[ChangeView, ...]:
        """The others."""
        return self.changes[FEW:]


def present_changes(
    edition: Edition,
    outcome: Outcome,
    values: Mapping[str, object],
    changes: Mapping[OptionId, tuple[Change, ...]],
    endings: Endings,
) -> tuple[ChangesOfOption, ...]:
    """Per option what would change its verdict. values: the plain answers by question id.

    The fewest steps stand first, and among these what opens the option most.
    """
    return tuple(
        ChangesOfOption(
            option=option,
            verdict=one.verdict,
            changes=tuple(
                _change(edition, values, change, endings)
                for change in sorted(
                    changes[option],
                    key=lambda each: (len(each.steps), -_RANKS.index(each.verdict)),
                )
            ),
        )
        for option, one in outcome.options.items()
    )


def _change(
    edition: Edition, values: Mapping[str, object], change: Change, endings: Endings
) -> ChangeView:
    return ChangeView(
        steps=tuple(step_in_words(edition, values.get(one.question), one) for one in change.steps),
        verdict=change.verdict,
        gained=tuple(say_rule(edition.rule(name), endings) for name in change.gained),
        lost=tuple(say_rule(edition.rule(name), endings) for name in change.lost),
    )


def step_in_words(edition: Edition, value: object, step: Step) -> StepInWords:
    """One step. value: the plain answer that it takes the place of."""
    question = edition.questionnaire.question(step.question)
    name = question_names(edition.id)[step.question]
    match step.to:
        case int():
            return StepInWords(name, f"{step.to} {question.unit or ''}".strip())
        case str():
            return StepInWords(name, question.label_of(step.to), is_label=True)
        case _:
            before = frozenset(value) if isinstance(value, list | tuple) else frozenset()
            added = ", ".join(question.label_of(one) for one in step.to if one not in before)
            gone = sorted(before - frozenset(step.to))
            return StepInWords(name, "", added, ", ".join(question.label_of(one) for one in gone))


@dataclass(frozen=True)
class NextQuestion:
    """The question to ask next. acts_first: whether the act-first block asks for it. clears: the
    options that cannot be cleared without it; while there are none, it can still change who
    leads."""

    link: QuestionLink
    acts_first: bool
    clears: tuple[OptionId, ...]


def present_next_question(file: CaseFile) -> NextQuestion | None:
    """What to ask next, and why; None when no question that can be asked resolves anything."""
    name = file.next_question
    if name is None:
        return None
    waiting = [
        (option, pending)
        for option, one in file.outcome.options.items()
        for pending in one.pending
        if name in pending.waits_for
    ]
    return NextQuestion(
        link=link_to(file, name),
        acts_first=name == file.first_question,
        clears=tuple(dict.fromkeys(option for option, _ in waiting)),
    )
