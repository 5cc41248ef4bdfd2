"""What other rooms propose as answers of a case. A proposal is shown and answers nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from decisions.cases.case_file import CaseFile
from decisions.cases.question_links import QuestionLink, link_to
from decisions.cases.told import answer_providers, offer_providers
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.logic.values import sha256_of


@dataclass(frozen=True)
class Offer:
    """An answer that a person takes over by one press, and never takes itself.

    value: plain, as the question takes it. day: on which it was assessed; None for today.
    """

    value: object
    day: date | None
    why: str

    @property
    def digest(self) -> str:
        """Tells whether what is offered now is what the page showed."""
        return sha256_of([self.value, self.day.isoformat() if self.day else None])[:12]


def offer_for(file: CaseFile, question_id: str) -> Offer | None:
    """What is offered as the answer to a question; None where there is nothing."""
    return next((one for each in offer_providers if (one := each(file, question_id))), None)


def say_offer(file: CaseFile, question_id: str, offer: Offer) -> str:
    """The answer that is offered, in words, with where it comes from."""
    question = file.edition.questionnaire.question(question_id)
    return f"{say_plain(question, offer.value)} ({offer.why})"


def proposed_for(file: CaseFile, question_id: str) -> tuple[str, ...]:
    """Each proposed answer to a question in words, with what proposes it; none over an answer."""
    if file.answers.is_known(question_id):
        return ()
    question = file.edition.questionnaire.question(question_id)
    found = [
        (value, why)
        for provider in answer_providers
        for value, why in provider(file, question_id).items()
    ]
    return tuple(f"{question.label_of(value)} ({', '.join(why)})" for value, why in found)


def proposals_in(file: CaseFile) -> tuple[tuple[QuestionLink, tuple[str, ...]], ...]:
    """Each question that is asked, and what is proposed as its answer."""
    found = (
        (link_to(file, one.id), proposed_for(file, one.id))
        for one in file.edition.questionnaire.questions
        if file.answers.is_asked(one.id)
    )
    return tuple((link, proposed) for link, proposed in found if proposed)
