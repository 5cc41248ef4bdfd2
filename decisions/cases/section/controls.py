"""The controls of one question: what stands in them, and the plain answer that it makes.

Names of controls start with the question's id: `bp_systolic`, `phq9.item3`, `phq9.total`,
`phq9.assessed_on`, `phq9.token`.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from decisions.rules.questionnaire.answer_values import (
    UNKNOWN_WORD,
    AnswerProblem,
    is_left,
    read_answer,
)
from decisions.rules.questionnaire.instruments import SAFETY_ITEM
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core import written_days
from kapnet.core.written_days import NoDayError

NONE_OF_THESE = "none-of-these"
"""Ticked where several values may be chosen and none applies; stored as an empty list."""
LONGEST_TEXT = 40


@dataclass(frozen=True)
class Filled:
    """What stands in the controls of one question, as text, not judged yet."""

    chosen: tuple[str, ...] = ()
    text: str = ""
    items: tuple[str, ...] = ()
    total: str = ""
    item9: str = ""
    use_total: bool = False
    assessed_on: str = ""

    @property
    def unsaid(self) -> str:
        """ "unknown", or that it was left to somebody, where that is chosen; else empty."""
        return next((one for one in self.chosen if one == UNKNOWN_WORD or is_left(one)), "")

    @property
    def digest(self) -> str:
        """Tells whether somebody touched the controls since the page was made."""
        return hashlib.sha256(json.dumps(vars(self)).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Token:
    """The version of the answer that a page shows, and what its controls held."""

    version: int = 0
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.version}.{self.digest}"

    @classmethod
    def read(cls, text: str) -> Token:
        """A token from a page; one that cannot be read is that of a page without answers."""
        version, _, digest = text.partition(".")
        return cls(int(version) if version.isdecimal() and len(version) < 9 else 0, digest)


def is_posted(question: Question, post: QueryDict) -> bool:
    """Whether a post says anything about this question.

    Our pages send a token with each question. What comes without one counts as written on a page
    without answers: it is saved where there is none, and a conflict where there is one.
    """
    name = question.id
    return (
        name in (post.get("clear"), post.get("take"), post.get("undo"), post.get("offered"))
        or name in post
        or any(key.startswith(f"{name}.") for key in post)
    )


def filled_by_post(question: Question, post: QueryDict) -> Filled:
    """What a person left in the controls."""
    name = question.id

    def text(part: str) -> str:
        return post.get(f"{name}.{part}", "").strip()[:LONGEST_TEXT]

    day = text("assessed_on")
    match question.type:
        case QuestionType.INTEGER:
            number = post.get(name, "").strip()[:LONGEST_TEXT]
            return Filled(_chosen(post, f"{name}.unknown"), number, assessed_on=day)
        case QuestionType.INSTRUMENT:
            return Filled(
                chosen=_chosen(post, f"{name}.unknown"),
                items=tuple(text(f"item{n}") for n in range(1, _item_count(question) + 1)),
                total=text("total"),
                item9=text("item9_alone"),
                use_total=bool(text("use_total")),
                assessed_on=day,
            )
        case QuestionType.CHOICE | QuestionType.YES_NO | QuestionType.CHOICES:
            return Filled(_chosen(post, name), assessed_on=day)


def _chosen(post: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(sorted({value[:LONGEST_TEXT] for value in post.getlist(name)}))


def _item_count(question: Question) -> int:
    return len(question.instrument.items) if question.instrument else 0


def filled_by_answer(question: Question, raw: object, assessed_on: date | None) -> Filled:
    """What the controls show for a stored answer; None: nothing."""
    day = assessed_on.isoformat() if assessed_on and raw is not None else ""
    blank = ("",) * _item_count(question)
    if raw is None:
        return Filled(items=blank)
    if raw == UNKNOWN_WORD or is_left(raw):
        return Filled((str(raw),), items=blank, assessed_on=day)
    if isinstance(raw, list):
        return Filled(tuple(sorted(raw)) or (NONE_OF_THESE,), assessed_on=day)
    if isinstance(raw, dict):
        items = raw.get("items")
        return Filled(
            items=tuple(map(_text, items)) if isinstance(items, list) else blank,
            total=_text(raw.get("total")),
            item9=_text(raw.get("item9")),
            assessed_on=day,
        )
    if question.type is QuestionType.INTEGER:
        return Filled(text=str(raw), assessed_on=day)
    return Filled((str(raw),), assessed_on=day)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def read_filled(question: Question, filled: Filled) -> object:
    """The plain answer of the contract that the controls make; None: left open.

    Raises AnswerProblem with a sentence that says what to enter.
    """
    match question.type:
        case QuestionType.INTEGER:
            raw = _read_number_question(question, filled)
        case QuestionType.INSTRUMENT:
            raw = _read_form(question, filled)
        case QuestionType.CHOICE | QuestionType.YES_NO:
            raw = filled.chosen[0] if filled.chosen else None
        case QuestionType.CHOICES:
            raw = _read_several(question, filled)
    if raw is not None:
        _judge(question, raw)
    return raw


def _judge(question: Question, raw: object) -> None:
    try:
        read_answer(question, raw)
    except AnswerProblem as error:
        if question.type in {QuestionType.INTEGER, QuestionType.INSTRUMENT}:
            raise AnswerProblem(str(error)[:1].upper() + str(error)[1:]) from error
        raise AnswerProblem("Choose one of the answers shown") from error


def _read_number_question(question: Question, filled: Filled) -> object:
    if filled.unsaid:
        if filled.text:
            raise AnswerProblem("Enter a number or choose Not known, not both")
        return filled.unsaid
    if not filled.text:
        return None
    number = _whole(filled.text)
    if number is None or not (question.min or 0) <= number <= (question.max or 0):
        otherwise = ", or choose Not known" if question.unknown else ""
        raise AnswerProblem(
            f"Enter a whole number from {question.min} to {question.max}{otherwise}"
        )
    return number


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _read_several(question: Question, filled: Filled) -> object:
    if len(filled.chosen) > 1 and (filled.unsaid or NONE_OF_THESE in filled.chosen):
        raise AnswerProblem(
            "“None of these” and “Not known” exclude other answers: untick the others"
        )
    if filled.unsaid:
        return filled.unsaid
    if filled.chosen == (NONE_OF_THESE,):
        return []
    chosen = set(filled.chosen)
    known = [option.value for option in question.options if option.value in chosen]
    return (known + sorted(chosen - question.values)) or None


def _read_form(question: Question, filled: Filled) -> object:
    has_items, has_total = any(filled.items), bool(filled.total or filled.item9)
    if filled.unsaid:
        if has_items or has_total:
            raise AnswerProblem("Clear the scores first, or untick Not known")
        return filled.unsaid
    if has_items and has_total and not filled.use_total:
        raise AnswerProblem("Tick to use the total in place of the items, or empty the total")
    if has_total:
        return _read_total(filled)
    if not has_items:
        return None
    return {"items": [_score(text) if text else None for text in filled.items]}


def _score(text: str) -> int:
    number = _whole(text)
    if number is None:
        raise AnswerProblem("Choose one of the answers shown for each item")
    return number


def _read_total(filled: Filled) -> object:
    if not filled.total:
        raise AnswerProblem("Enter the total too")
    total = _whole(filled.total)
    if total is None:
        raise AnswerProblem("Enter the total as a whole number")
    if not filled.item9:
        return {"total": total}
    item9 = _whole(filled.item9)
    if item9 is None:
        raise AnswerProblem("Enter item 9 as a whole number from 0 to 3")
    return {"total": total, "item9": item9}


def entered_item9(question: Question, filled: Filled) -> int | None:
    """The highest safety item in the controls, whether or not they make an answer."""
    instrument = question.instrument
    if instrument is None or not instrument.has_safety_item:
        return None
    entered = [_whole(text) for text in (*filled.items[SAFETY_ITEM - 1 :], filled.item9)]
    return max((n for n in entered if n is not None and n <= instrument.highest), default=None)


def read_day(filled: Filled, *, today: date, born: date | None) -> date | None:
    """The day of assessment that a person named; None where the control is empty.

    Raises AnswerProblem for a day in the future, before birth, or that cannot be read.
    """
    if not filled.assessed_on:
        return None
    day = _day(filled.assessed_on)
    if day is None:
        raise AnswerProblem("Enter the day of assessment, such as 20 November 2026")
    if day > today:
        raise AnswerProblem("The day of assessment must not be in the future")
    if born is not None and day < born:
        raise AnswerProblem("The day of assessment must not be before the date of birth")
    return day


def _day(text: str) -> date | None:
    with suppress(NoDayError):
        return written_days.read_day(text)
    return None
