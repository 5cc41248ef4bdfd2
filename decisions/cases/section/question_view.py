"""One question as its template needs it: what stands in its controls, below and beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from decisions.cases.case_file import CaseFile
from decisions.cases.earlier_words import earlier_answer
from decisions.cases.models import Answer
from decisions.cases.proposals import Offer, offer_for, proposed_for, say_offer
from decisions.cases.question_links import section_url
from decisions.cases.section.controls import Filled, Token
from decisions.cases.section.shown import Conflict, Control, Controls, ItemRow
from decisions.cases.section.tallies import Tally, tally_of
from decisions.cases.section.undoing import Previous
from decisions.cases.section.why_asked import why_asked
from decisions.documents.words.reading import result_words
from decisions.rules.engine.result_words import options_in_a_sentence
from decisions.rules.engine.rules import OptionId
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.questionnaire import Question
from kapnet.core.web.days import say_day, say_moment


@dataclass(frozen=True)
class QuestionView(Controls):
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
    asks_for_item9: bool = False
    """Whether the rest of it is saved, and only item 9 is asked about."""

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
    def proposed_words(self) -> str:
        """What is proposed, in one text."""
        return "; ".join(self.proposed)

    @property
    def listed_url(self) -> str:
        """Where what it asks about is listed row by row; empty where it is not."""
        return reverse("history:medicines_now", args=[self.file.case.pk]) if self.is_listed else ""

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

    @property
    def is_left(self) -> bool:
        """As `Controls` has it."""
        return bool(self.question.left_word) and self.question.left_word in self.filled.chosen

    def control(self, value: str, label: str) -> Control:
        """As `Controls` has it."""
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

    @property
    def day(self) -> str:
        """What stands in the control for the day of assessment."""
        return self.filled.assessed_on

    @property
    def waits(self) -> str:
        """The options that cannot be cleared until it is known, in words."""
        return options_in_a_sentence(result_words(self.file.edition.id), self.waiting)

    @property
    def undo(self) -> str:
        """What brings the answer before this save back; empty where there is none."""
        return self.previous.text if self.previous else ""

    @property
    def undo_words(self) -> str:
        """The same in words."""
        return self.previous.words if self.previous else ""
