"""The pages around the questions: work list, task list, check answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import Contradiction, contradictions_in
from decisions.cases.earlier_words import Said, answers_to_gone_questions, earlier_answer
from decisions.cases.edition.moving import offered_edition
from decisions.cases.models import Case, Decision, SafetyTask
from decisions.cases.page_frame import age_years, case_title, item9_of, say_item9
from decisions.cases.progress import Progress, progress_of
from decisions.cases.question_links import QuestionLink, link_to
from decisions.cases.safety.tasks import open_task_in
from decisions.documents.words.reading import result_words
from decisions.rules.engine.answers_in_words import AnswerInWords, AnswerState, describe_answer
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.questionnaire import Question, Section
from kapnet.core.web.days import say_day, say_moment

FEW = 2
"""How many questions a task names before it says that there are more."""


@dataclass(frozen=True)
class CaseRow:
    """One case in the work list. letter: the state of its newest one; None without any."""

    file: CaseFile
    letter: object | None = None

    @property
    def title(self) -> str:
        """Number and name."""
        return case_title(self.file.case)

    @property
    def age(self) -> int | None:
        """Age in years, where it is known."""
        return age_years(self.file)

    @cached_property
    def progress(self) -> Progress:
        """Progress through all questions."""
        return progress_of(self.file.edition.questionnaire.questions, self.file.answers)

    @property
    def item9(self) -> tuple[str, ...]:
        """What item 9 was, and when, while a safety task is open."""
        return item9_of(self.file)

    @cached_property
    def is_urgent(self) -> bool:
        """Whether something comes before any choice."""
        return self.file.has_open_task or bool(self.file.urgent)

    @property
    def urgent_because(self) -> str:
        """The first act-first sentence; empty while only the safety task is open."""
        return self.file.urgent[0].because if self.file.urgent else ""

    @property
    def chosen(self) -> str:
        """What the latest recorded decision takes forward, in words; empty without one."""
        chosen = getattr(self.file.case, "last_chosen", None)
        return result_words(self.file.edition.id).options[chosen] if chosen else ""

    @property
    def newest_decision(self) -> int:
        """The number of the latest recorded decision; 0 without one."""
        return getattr(self.file.case, "last_number", None) or 0

    @property
    def chose_none_now(self) -> bool:
        """Whether the latest recorded decision is none of these now."""
        return getattr(self.file.case, "last_chosen", None) == Decision.Chosen.NONE_NOW

    @property
    def next_question(self) -> QuestionLink | None:
        """The first question that is asked and open."""
        name = next(iter(self.progress.open), None)
        return link_to(self.file, name) if name else None

    @property
    def last_change(self) -> str:
        """When an answer was saved or a decision recorded last."""
        return say_moment(self.file.case.last_change)


def present_work_list(
    files: Iterable[CaseFile], letters: Mapping[UUID, object]
) -> tuple[CaseRow, ...]:
    """The rows of the work list, in their order. letters: case -> state of its newest."""
    return tuple(CaseRow(file, letters.get(file.case.pk)) for file in files)


@dataclass(frozen=True)
class WaitingTask:
    """A case of another page of the list whose safety task is open."""

    case: Case
    title: str


def present_waiting(cases: Iterable[Case]) -> tuple[WaitingTask, ...]:
    """Open safety tasks that the page of the list does not show."""
    return tuple(WaitingTask(case, case_title(case)) for case in cases)


@dataclass(frozen=True)
class RaisedTask:
    """An open safety task that a colleague raised, above the list of cases."""

    case: Case
    item9: tuple[str, ...]
    raised_by: str
    raised_at: str


def present_raised(tasks: Iterable[SafetyTask]) -> tuple[RaisedTask, ...]:
    """What colleagues entered, with every value and its day."""
    return tuple(
        RaisedTask(
            case=task.case,
            item9=say_item9(open_task_in(task)),
            raised_by=task.raiser,
            raised_at=say_moment(task.raised_at),
        )
        for task in tasks
    )


@dataclass(frozen=True)
class SectionTask:
    """One section in the task list of a case."""

    section: Section
    progress: Progress
    names: dict[str, str]

    @property
    def not_known(self) -> tuple[str, ...]:
        """The first questions that are answered with "not known", by short name."""
        return tuple(self.names[name] for name in self.progress.not_known[:FEW])

    @property
    def not_known_more(self) -> int:
        """How many more there are."""
        return max(0, len(self.progress.not_known) - FEW)

    @property
    def partial(self) -> tuple[tuple[str, int, int], ...]:
        """Forms without a total: short name, items answered, items."""
        return tuple((self.names[name], done, of) for name, done, of in self.progress.partial)


@dataclass(frozen=True)
class CasePage:
    """The task list of a case."""

    tasks: tuple[SectionTask, ...]
    progress: Progress
    contradictions: tuple[Contradiction, ...]
    offered: str | None
    """The later edition that the case can be moved to."""
    asked_again: tuple[tuple[QuestionLink, str], ...]
    kept_answers: tuple[Said, ...]
    """What was answered to questions that the edition of the case does not ask."""


def present_case(file: CaseFile) -> CasePage:
    """The task list of a case, with progress that counts only what is asked."""
    questionnaire = file.edition.questionnaire
    names = dict(question_names(file.edition.id))
    return CasePage(
        tasks=tuple(
            SectionTask(section, progress_of(section.questions, file.answers), names)
            for section in questionnaire.sections
        ),
        progress=progress_of(questionnaire.questions, file.answers),
        contradictions=contradictions_in(file),
        offered=offered_edition(file.case),
        asked_again=tuple(
            (link_to(file, name), earlier_answer(file, name))
            for name in questionnaire.in_order(
                {name for name in file.set_aside if questionnaire.has_question(name)}
            )
        ),
        kept_answers=answers_to_gone_questions(file),
    )


@dataclass(frozen=True)
class CheckedAnswer:
    """One line of the check page."""

    in_words: AnswerInWords
    name: str
    assessed: str
    link: QuestionLink
    optional: bool
    earlier: str
    """An answer that the edition does not take any more, in words."""

    @property
    def state(self) -> str:
        """answered, not_known or open."""
        return self.in_words.state.value


@dataclass(frozen=True)
class CheckedSection:
    """One section of the check page; questions not asked are named, without an answer."""

    section: Section
    answers: tuple[CheckedAnswer, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True)
class CheckPage:
    """All answers, section by section."""

    sections: tuple[CheckedSection, ...]
    kept_answers: tuple[Said, ...]
    contradictions: tuple[Contradiction, ...]
    progress: Progress


def present_check(file: CaseFile) -> CheckPage:
    """Every answer in words, with what is open, not known and not asked."""
    questionnaire = file.edition.questionnaire
    return CheckPage(
        sections=tuple(_checked_section(file, section) for section in questionnaire.sections),
        kept_answers=answers_to_gone_questions(file),
        contradictions=contradictions_in(file),
        progress=progress_of(questionnaire.questions, file.answers),
    )


def _checked_section(file: CaseFile, section: Section) -> CheckedSection:
    lines = [_checked(file, question) for question in section.questions]
    return CheckedSection(
        section=section,
        answers=tuple(one for one in lines if one.in_words.state is not AnswerState.NOT_ASKED),
        not_asked=tuple(one.name for one in lines if one.in_words.state is AnswerState.NOT_ASKED),
    )


def _checked(file: CaseFile, question: Question) -> CheckedAnswer:
    day = file.assessed_on(question.id)
    return CheckedAnswer(
        in_words=describe_answer(file.edition, question, file.answers),
        name=question_names(file.edition.id)[question.id],
        assessed=say_day(day) if day else "",
        link=link_to(file, question.id, back_to="check"),
        optional=question.optional,
        earlier=earlier_answer(file, question.id),
    )
