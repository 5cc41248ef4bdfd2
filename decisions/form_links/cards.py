"""The cards of a patient's form: PHQ-9, GAD-7, and questions in the words of patient_forms.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError

from decisions import rules
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.logic.values import Frozen, Id, Text
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.instruments import Instrument
from evidence.strict_yaml import YamlRefused, read_yaml

FILE = Path(rules.__file__).parent / "words" / "patient_forms.yaml"
INSTRUMENTS: Final[Mapping[str, str]] = {"phq9": "PHQ-9", "gad7": "GAD-7"}
SAFETY, PREFERENCE = "safety", "preference"
CARDS: Final = (*INSTRUMENTS, SAFETY, PREFERENCE)
"""In the order in which a patient is asked."""


class CardsRefused(ValueError):
    """The words for patients cannot be used; the message names file and place."""


class PatientAnswer(Frozen):
    """One answer in the patient's words. value: as an answer to the question, where it is one."""

    say: Text
    value: str | None = None


class PatientQuestion(Frozen):
    """One question in words for patients."""

    question: Id
    ask: Text
    help: Text | None = None
    answers: Annotated[tuple[PatientAnswer, ...], Field(min_length=2)]


class Card(Frozen):
    """One page of questions. names: words that are on no other page for patients."""

    id: Id
    title: Text
    lead: Text
    names: tuple[Text, ...] = ()
    questions: Annotated[tuple[PatientQuestion, ...], Field(min_length=1)]


class _File(Frozen):
    cards: tuple[Card, ...]


@cache
def load_cards() -> Mapping[str, Card]:
    """Every card of questions by its id. Raises CardsRefused."""
    try:
        file = _File.model_validate(read_yaml(FILE))
    except (YamlRefused, ValidationError) as error:
        raise CardsRefused(f"{FILE.name}: {error}") from error
    found = {card.id: card for card in file.cards}
    if problems := list(problems_of(found.values(), load_edition(CURRENT_EDITION))):
        raise CardsRefused(f"{FILE.name}: {'; '.join(problems)}")
    return found


def problems_of(cards: Iterable[Card], edition: Edition) -> Iterator[str]:
    """Questions and values that the newest edition does not take."""
    for card in cards:
        if card.id not in (SAFETY, PREFERENCE):
            yield f"card {card.id}: there is no such card"
        for asked in card.questions:
            for answer in asked.answers:
                if answer.value is not None and not is_taken(edition, asked.question, answer.value):
                    yield f"{asked.question}: the edition does not take {answer.value!r}"


def is_taken(edition: Edition, question_id: str, value: object) -> bool:
    """Whether a question of the edition takes this as an answer."""
    if not edition.questionnaire.has_question(question_id):
        return False
    try:
        read_answer(edition.questionnaire.question(question_id), value)
    except AnswerProblem:
        return False
    return True


def questions_of(card_id: str, edition: Edition) -> tuple[PatientQuestion, ...]:
    """The questions of a card that this edition has."""
    has = edition.questionnaire.has_question
    return tuple(one for one in load_cards()[card_id].questions if has(one.question))


def instrument_of(card_id: str, edition: Edition) -> Instrument | None:
    """The instrument of a card; None for one of questions."""
    if card_id not in INSTRUMENTS:
        return None
    return edition.questionnaire.question(card_id).instrument
