"""The short path: one card a question, and the answer so far beside it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.urls import reverse

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.option_columns import marker_of
from decisions.cases.page_frame import ActFirst, act_first, case_title
from decisions.cases.question_links import REST
from decisions.documents.words.reading import result_words
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import ShownAs
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.short_path import (
    ShortPath,
    robustness_of_nothing,
    short_path,
)
from evidence.domain.entries import EvidenceBase

UNSAID = frozenset({ShownAs.MORE_INFORMATION, ShownAs.WOULD_LEAD})
"""How an option may stand and not be worth a line beside the answer so far."""


@dataclass(frozen=True)
class OptionLine:
    """One option on one line: its marker and the word of its verdict."""

    option: str
    marker: str
    word: str


@dataclass(frozen=True)
class Path:
    """Where a case is on the short path.

    ask: the reader whose questions are asked, too, or REST. several: with several on a page.
    """

    file: CaseFile
    ask: str
    several: bool = False

    @cached_property
    def way(self) -> ShortPath:
        """What is asked next, and what may come after it."""
        file = self.file
        asked_too = file.edition.short_path.cleared_by.get(self.ask)
        if not asked_too:
            return file.reckoning.path
        return short_path(
            file.edition,
            file.answers,
            file.evidence,
            robustness=file.reckoning.robustness,
            also=frozenset(asked_too.questions),
        )

    @property
    def title(self) -> tuple[str, ...]:
        """Whose case it is; what was answered a moment ago is not said again."""
        return (case_title(self.file.case),)

    @property
    def asks_rest(self) -> bool:
        """Whether it goes on after it has offered its answer."""
        return self.ask == REST

    @property
    def next(self) -> tuple[str, ...]:
        """The questions that are asked next; empty where the path offers its answer, or ends."""
        return self.way.to_ask if self.asks_rest else self.way.before_the_offer

    @property
    def before_answer(self) -> int:
        """The most cards before the answer. It never grows while answers are added."""
        way = self.way
        count = way.to_come if self.asks_rest else way.before_answer
        return self.file.edition.short_path.cards(count)

    @property
    def left_out(self) -> int:
        """The most cards that are left out when it ends here."""
        return self.more if self.way.to_ask and not self.next else 0

    @property
    def more(self) -> int:
        """The most cards that can still come. It never grows while answers are added."""
        return self.file.edition.short_path.cards(self.way.to_come)

    @cached_property
    def most(self) -> int:
        """The most cards of any case of this edition."""
        return max(_most(self.file.edition, self.file.evidence), self.more)

    @property
    def done(self) -> int:
        """How far the bar is."""
        return self.most - self.more

    def url(self, question_id: str = "") -> str:
        """The address of a card, or of the next page."""
        name = "cases:several" if self.several else "cases:path"
        args: list[object] = [self.file.case.pk]
        if question_id:
            name, args = "cases:card", [*args, question_id]
        return reverse(name, args=args) + (f"?ask={self.ask}" if self.ask else "")

    @property
    def several_url(self) -> str:
        """The address of the next questions on one page."""
        return Path(self.file, self.ask, several=True).url()

    @property
    def options(self) -> tuple[OptionLine, ...]:
        """The options of which the sentence above them says nothing, in their fixed order."""
        words, shown = result_words(self.file.edition.id).shown_as, self.file.shown
        return tuple(
            OptionLine(
                option, marker_of(shown.shown_as(option), one), words[shown.shown_as(option)]
            )
            for option, one in shown.options.items()
            if shown.shown_as(option) not in UNSAID
        )

    @property
    def first_course(self) -> bool:
        """Whether TMS would be the first course."""
        return self.file.outcome.first_course

    @property
    def rest_url(self) -> str:
        """The address from which what is left out is asked."""
        return Path(self.file, REST).url()


def asked_too(file: CaseFile, ask: str) -> str:
    """The reader whose questions the therapist asks all the same, or REST; empty for neither."""
    return ask if ask == REST or ask in file.edition.short_path.cleared_by else ""


def first_beside(path: Path, shown: Container[str]) -> ActFirst:
    """The notice; what it asks for is answered by its card, beside which it leads nowhere else."""
    notice = act_first(path.file)
    if notice.answer is None:
        return notice
    if notice.answer.id in shown:
        return replace(notice, answer=None, is_answered_here=True)
    return replace(notice, answer=replace(notice.answer, url=path.url(notice.answer.id)))


@lru_cache(maxsize=8)
def _most(edition: Edition, evidence: EvidenceBase) -> int:
    nothing, found = Answers(edition.questionnaire, {}), robustness_of_nothing(edition, evidence)
    way = short_path(edition, nothing, evidence, robustness=found)
    return edition.short_path.cards(way.to_come)
