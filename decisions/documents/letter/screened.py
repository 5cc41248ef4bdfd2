"""The answers of safety screens, sorted: what was found, what is open, and what is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from decisions.documents.letter.page_words import USUAL
from decisions.documents.letter.phrasing import Sayings, mid_sentence, say_short_date
from decisions.rules.engine.answers_in_words import AnswerState

PRESSURE = ("bp_systolic", "bp_diastolic")
TICKED = "comorbidities"
PSYCHIATRIC = "psychiatric"
ALSO_PSYCHIATRIC = ("life_threatening", TICKED)
"""Questions of that screen that no list of an edition has."""


@dataclass
class Screened:
    """Items of a screen. clear: those in which nothing was found; left: reader -> items.

    in_place: help that is there; it counts among nothing that was looked for.
    """

    found: list[tuple[str, str]] = field(default_factory=list)
    not_known: list[str] = field(default_factory=list)
    not_assessed: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    clear: list[str] = field(default_factory=list)
    in_place: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every item was answered by somebody who knew."""
        return not (self.not_known or self.not_assessed or self.left)


def screen_of(sayings: Sayings, block_id: str) -> tuple[str, ...]:
    """The questions of a screen; alone in its letter it holds what the other one would say, too."""
    words = sayings.words
    printed = words.annex_of[sayings.material.reader]
    is_alone = sum(screen in printed for screen in words.alone) == 1
    own = words.blocks[block_id] + (ALSO_PSYCHIATRIC if block_id == PSYCHIATRIC else ())
    return own + (words.alone[block_id] if is_alone and block_id in words.alone else ())


def printed_screens(sayings: Sayings) -> tuple[str, ...]:
    """The blocks of the annex that hold a screen, for this reader."""
    printed = sayings.words.annex_of[sayings.material.reader]
    return tuple(block for block in printed if block in sayings.words.blocks)


def screened(sayings: Sayings, *blocks: str) -> Screened:
    """The items of these screens, each once, sorted. Blood pressure is one item; what was not asked
    for is none."""
    found = Screened()
    for question in dict.fromkeys(one for block in blocks for one in screen_of(sayings, block)):
        if question == TICKED:
            _sort_ticked(sayings, found)
        elif question in PRESSURE and (pressure := pressure_of(sayings)):
            found.found[:0] = [("", pressure)] if question == PRESSURE[0] else []
        else:
            _sort(sayings, question, found)
    if PSYCHIATRIC in blocks:
        _sort_asked_elsewhere(sayings, found)
    return found


def _sort_asked_elsewhere(sayings: Sayings, into: Screened) -> None:
    """Conditions that the facts of the letter ask for."""
    words = sayings.words
    for asked, label in words.asked_elsewhere.items():
        name = mid_sentence(label)
        match getattr(sayings.material.facts, asked):
            case "yes":
                into.found.append((name, words.yes_word))
            case "no":
                into.clear.append(name)
            case "not_known":
                into.not_known.append(name)
            case _:
                into.not_assessed.append(name)


def _sort(sayings: Sayings, question: str, into: Screened) -> None:
    name, state = sayings.name(question), sayings.state(question)
    if question in sayings.material.left_out:
        into.left_out.append(name)
    elif state is AnswerState.NOT_ASKED:
        return
    elif state is AnswerState.LEFT:
        into.left.setdefault(sayings.by_question[question].left_to, []).append(name)
    elif state is AnswerState.NOT_KNOWN:
        into.not_known.append(name)
    elif sayings.answer(question) == sayings.words.not_assessed:
        into.not_assessed.append(name)
    else:
        _sort_answer(sayings, question, into)


def _sort_answer(sayings: Sayings, question: str, into: Screened) -> None:
    name, answer = sayings.name(question), sayings.answer(question)
    raw = sayings.material.decided.answers.get(question)
    day = day_beside(sayings, question)
    if sayings.words.page.is_in_place(question, raw):
        into.in_place.append(f"{name}{day}")
    elif sayings.words.page.is_clear(question, raw):
        into.clear.append(f"{_clear_name(sayings, question)}{day}")
    else:
        into.found.append((name, f"{answer}{day}"))


def _clear_name(sayings: Sayings, question: str) -> str:
    """An item in which nothing was found, with its answer where that says more than no."""
    page, answer = sayings.words.page, sayings.answer(question)
    if question in page.clear_names:
        return f"{page.clear_names[question]}{sayings.source_beside(question)}"
    name = sayings.name(question)
    return name if answer in page.clear[USUAL] else f"{name} ({answer})"


def _sort_ticked(sayings: Sayings, into: Screened) -> None:
    """Conditions ticked in one question: each that is there, and all the others."""
    words, raw = sayings.words, sayings.material.decided.answers.get(TICKED)
    if not isinstance(raw, list | tuple):
        _sort(sayings, TICKED, into)
        return
    for value, name in words.ticked.items():
        if value in raw:
            into.found.append((mid_sentence(name), words.yes_word))
        else:
            into.clear.append(mid_sentence(name))


def pressure_of(sayings: Sayings) -> str:
    """Blood pressure with its day where both values are there; else empty."""
    answers = sayings.material.decided.answers
    values = [answers.get(one) for one in PRESSURE]
    if not all(isinstance(one, int) for one in values):
        return ""
    systolic, diastolic = values
    day = sayings.material.decided.assessed_on.get(PRESSURE[0])
    said = sayings.words.page.say("dated", day=say_short_date(day)) if day else ""
    return sayings.words.page.say("pressure", systolic=systolic, diastolic=diastolic, day=said)


def usual_day(sayings: Sayings) -> date | None:
    """The day of most answers: it is said once."""
    days = Counter(sayings.material.decided.assessed_on.values())
    return max(days, key=lambda day: (days[day], day)) if days else None


def day_beside(sayings: Sayings, question: str) -> str:
    """The day of an answer in brackets, where it is not the day of most."""
    day = sayings.material.decided.assessed_on.get(question)
    if day is None or day == usual_day(sayings):
        return ""
    return sayings.words.page.say("dated", day=say_short_date(day))


def say_found(sayings: Sayings, found: Screened) -> Iterator[str]:
    """Each finding with its name."""
    for name, answer in found.found:
        yield sayings.words.page.say("item", name=name, answer=answer) if name else answer
