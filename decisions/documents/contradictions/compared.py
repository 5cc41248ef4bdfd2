"""What is compared, and what is said where two parts of it do not fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from decisions.documents.contradictions.wording import ContradictionWords, contradiction_words
from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.treatment_history import History
from decisions.rules.engine.answers_in_words import describe_answer
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.medicine_list import MedicineList
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answers import Answers

HISTORY, FACTS, PLAN = "history", "facts", "plan"
HOW_SOON, REPLY_BY = "letter:request_how_soon", "letter:reply_by"


@dataclass(frozen=True)
class Mismatch:
    """Two things that do not fit, in a sentence. places: where they can be changed."""

    id: str
    says: str
    questions: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One case. is_final: a question that nobody answered is printed as not known beside rows.

    listed: the medicines whose classes say which answers fit. first_planned: the first day of the
    plan. how_soon and reply_by: of a letter.
    """

    edition: Edition
    answers: Answers
    today: date
    history: History = field(default_factory=History)
    listed: MedicineList = field(default_factory=MedicineList)
    diagnosis_code: str = ""
    specifier: str = ""
    first_planned: date | None = None
    how_soon: str = ""
    how_soon_in_words: str = ""
    reply_by: date | None = None
    is_final: bool = False

    @property
    def words(self) -> ContradictionWords:
        """How a mismatch is said."""
        return contradiction_words()

    @cached_property
    def history_words(self) -> HistoryWords:
        """How rows are said."""
        return load_words(self.edition.id).history

    def has(self, question_id: str) -> bool:
        """Whether the edition asks this at all."""
        return self.edition.questionnaire.has_question(question_id)

    def value(self, question_id: str) -> object:
        """What was answered and is known; None otherwise."""
        if not self.has(question_id) or not self.answers.is_known(question_id):
            return None
        return self.answers.get(question_id)

    def is_open(self, question_id: str) -> bool:
        """Whether the answer is "not known", or nobody will give one any more."""
        if not self.has(question_id) or self.value(question_id) is not None:
            return False
        return self.is_final or self.answers.is_answered(question_id)

    def name(self, question_id: str) -> str:
        """The short name of a question."""
        return question_names(self.edition.id)[question_id]

    def say(self, question_id: str) -> str:
        """The answer in words."""
        question = self.edition.questionnaire.question(question_id)
        return describe_answer(self.edition, question, self.answers).words

    def mismatch(
        self,
        kind: str,
        *,
        questions: tuple[str, ...] = (),
        places: tuple[str, ...] = (),
        filled: Mapping[str, object],
    ) -> Mismatch:
        """One mismatch, said. The first question and its answer are filled in."""
        said = dict(filled)
        if questions:
            said |= {"question": self.name(questions[0]), "answer": self.say(questions[0])}
        return Mismatch(kind, self.words.says[kind].format(**said), questions, places)

    def days_until(self, day: date) -> int:
        """How many days from today."""
        return (day - self.today).days


def listed(parts: Collection[str]) -> str:
    """Several things in a sentence."""
    return ", ".join(parts)
