"""A section as its page shows it: every question with its controls, prepared for the template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.safestring import SafeString

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import Contradiction, contradictions_in
from decisions.cases.earlier_words import earlier_answer
from decisions.cases.models import Answer
from decisions.cases.path.leaving import open_together
from decisions.cases.progress import Progress, progress_of
from decisions.cases.proposals import Offer, offer_for, proposed_for, say_offer
from decisions.cases.question_links import section_url
from decisions.cases.section.controls import NONE_OF_THESE, Filled, Token, filled_by_answer
from decisions.cases.section.saving import Kept
from decisions.cases.section.shown import Conflict, Control, ItemRow
from decisions.cases.section.tallies import Tally, tally_of
from decisions.cases.section.undoing import Previous
from decisions.cases.section.why_asked import options_waiting, why_asked
from decisions.rules.engine.answers_in_words import OPEN, say_left, say_plain
from decisions.rules.engine.rules import OptionId
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD, AnswerProblem
from decisions.rules.questionnaire.questionnaire import Question, QuestionType, Section
from kapnet.core.web.days import say_day, say_moment


@dataclass(frozen=True)
class QuestionView:
    """One question as the template needs it."""

    question: Question
    file: CaseFile
    filled: Filled
    token: Token
    row: Answer | None
    waiting: tuple[OptionId, ...] = ()
    problem: str = ""
    conflict: Conflict | None = None
    previous: Previous | None = None
    """What the save before this took the place of."""

    @cached_property
    def id(self) -> str:
        """The id of the question, which is also that of its element."""
        return self.question.id

    @cached_property
    def url(self) -> str:
        """Where the answer is posted to."""
        section = self.file.edition.questionnaire.section_of(self.id)
        return section_url(self.file.case, section.id)

    @cached_property
    def proposed(self) -> tuple[str, ...]:
        """Answers that something else on the case proposes, in words; none over an answer."""
        return proposed_for(self.file, self.id)

    @cached_property
    def offer(self) -> Offer | None:
        """An answer from the patient's record that one press takes over."""
        return offer_for(self.file, self.id)

    @property
    def offered(self) -> str:
        """The same in words."""
        return say_offer(self.file, self.id, self.offer) if self.offer else ""

    @property
    def is_listed(self) -> bool:
        """Whether what it asks about is listed row by row elsewhere, as medicines are."""
        return self.id in self.file.edition.short_path.listed

    @property
    def is_dated(self) -> bool:
        """Whether the day is asked beside it, in plain sight."""
        return self.id in self.file.edition.short_path.dated

    @property
    def today(self) -> str:
        """The latest day that an answer can be assessed on."""
        return timezone.localdate().isoformat()

    @cached_property
    def is_asked(self) -> bool:
        """Whether the question stands on the page now."""
        return self.file.answers.is_asked(self.id)

    @cached_property
    def type(self) -> str:
        """The type, for the template to choose the controls by."""
        return self.question.type.value

    @cached_property
    def name(self) -> str:
        """The short name, for messages."""
        return question_names(self.file.edition.id)[self.id]

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to clear."""
        return self.file.answers.is_answered(self.id)

    @cached_property
    def saved(self) -> str:
        """When the present answer was saved; empty where there is none."""
        return say_moment(self.row.saved_at) if self.row and self.is_answered else ""

    @cached_property
    def assessed(self) -> str:
        """The day of assessment in words; empty when it is today."""
        day = self.file.assessed_on(self.id)
        return "" if day is None or day == timezone.localdate() else say_day(day)

    @cached_property
    def earlier(self) -> str:
        """An answer that the edition does not take, in words; empty where there is none."""
        return earlier_answer(self.file, self.id)

    @cached_property
    def why(self) -> SafeString:
        """The generated reasons for asking."""
        return why_asked(self.file.edition, self.file.endings, self.id)

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """Radio buttons or checkboxes, in order, without "not known"."""
        found = [(option.value, option.label) for option in self.question.choices]
        return tuple(self._control(value, label) for value, label in found)

    @cached_property
    def none_of_these(self) -> Control | None:
        """The checkbox for "none of these"."""
        several = self.question.type is QuestionType.CHOICES
        return self._control(NONE_OF_THESE, "None of these") if several else None

    @cached_property
    def not_known(self) -> Control | None:
        """The control for "not known", where the question takes it."""
        return self._control(UNKNOWN_WORD, "Not known") if self.question.unknown else None

    @cached_property
    def left(self) -> Control | None:
        """The control for "left to who clears it", while that is the answer or as typed."""
        word = self.question.left_word
        if not word or word not in self.filled.chosen:
            return None
        return self._control(word, say_left(self.question))

    def _control(self, value: str, label: str) -> Control:
        return Control(f"{self.id}-{value}", value, label, value in self.filled.chosen)

    @cached_property
    def item_rows(self) -> tuple[ItemRow, ...]:
        """The items of the instrument."""
        instrument = self.question.instrument
        if instrument is None:
            return ()
        return tuple(
            ItemRow(
                item.n,
                item.text,
                item.safety_item,
                tuple(
                    Control(
                        f"{self.id}-item{item.n}-{option.value}",
                        str(option.value),
                        option.text,
                        self.filled.items[item.n - 1 : item.n] == (str(option.value),),
                    )
                    for option in instrument.options
                ),
            )
            for item in instrument.items
        )

    @property
    def has_safety_item(self) -> bool:
        """Whether the instrument asks about self-harm."""
        return any(row.is_safety_item for row in self.item_rows)

    @property
    def tally(self) -> Tally | None:
        """How far the form is."""
        return tally_of(self.question, self.file.answers)


@dataclass(frozen=True)
class SectionPage:
    """One section as its page shows it."""

    section: Section
    number: int
    count: int
    questions: tuple[QuestionView, ...]
    progress: Progress
    contradictions: tuple[Contradiction, ...]
    next_section: Section | None
    open_together: int
    """How many open questions may be said to be not known at one press."""

    @property
    def problems(self) -> tuple[QuestionView, ...]:
        """The questions whose answer could not be saved as typed."""
        return tuple(view for view in self.questions if view.problem)

    @property
    def conflicts(self) -> tuple[QuestionView, ...]:
        """The questions that somebody else answered meanwhile."""
        return tuple(view for view in self.questions if view.conflict)


def present_section(
    file: CaseFile, section: Section, kept: dict[str, Kept] | None = None
) -> SectionPage:
    """The page of a section; `kept` holds what could not be saved."""
    sections = file.edition.questionnaire.sections
    place = sections.index(section)
    waiting = options_waiting(file.outcome)
    return SectionPage(
        section=section,
        number=place + 1,
        count=len(sections),
        questions=tuple(
            present_question(file, one, (kept or {}).get(one.id), waiting.get(one.id, ()))
            for one in section.questions
        ),
        progress=progress_of(section.questions, file.answers),
        contradictions=contradictions_about(file, section),
        next_section=sections[place + 1] if place + 1 < len(sections) else None,
        open_together=len(open_together(file, section.questions)),
    )


def contradictions_about(file: CaseFile, section: Section) -> tuple[Contradiction, ...]:
    """The doubts about answers of this section."""
    return contradictions_in(file, {question.id for question in section.questions})


def present_question(
    file: CaseFile,
    question: Question,
    kept: Kept | None = None,
    waiting: tuple[OptionId, ...] = (),
) -> QuestionView:
    """One question with what is stored, or with what was typed and could not be saved."""
    row = file.rows.get(question.id)
    counts = row is not None and question.id not in file.set_aside
    raw, day = (row.value, row.assessed_on) if row and counts else (None, None)
    filled = filled_by_answer(question, raw, day)
    if kept is None:
        token = Token(row.version if row else 0, filled.digest)
        return QuestionView(question, file, filled, token, row, waiting)
    return QuestionView(
        question=question,
        file=file,
        filled=kept.filled,
        token=kept.token,
        row=row,
        waiting=waiting,
        problem=kept.problem,
        conflict=_conflict(file, question, kept),
    )


def _conflict(file: CaseFile, question: Question, kept: Kept) -> Conflict | None:
    if kept.theirs is None:
        return None
    return Conflict(
        mine=_words(question, kept.raw),
        theirs=_words(question, kept.theirs.value) or earlier_answer(file, question.id),
        who=kept.theirs.saved_by,
        when=say_moment(kept.theirs.saved_at),
        version=kept.theirs.version,
    )


def _words(question: Question, raw: object) -> str:
    """A plain answer in words, whether or not it is asked; empty where the question refuses it."""
    try:
        return OPEN if raw is None else say_plain(question, raw)
    except AnswerProblem:
        return ""
