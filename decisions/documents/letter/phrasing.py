"""How a letter says dates, answers and findings, with numbered sources. Used by its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from decisions.documents.letter.blocks import Block, Item, Paragraph, Table
from decisions.documents.letter.material import LetterMaterial
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.answers_in_words import OPEN, AnswerInWords, AnswerState
from decisions.rules.engine.outcomes import Citation, Finding, PositionCitation
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Scores, least_safety_item

Cited = Citation | PositionCitation


def say_date(day: date) -> str:
    """A day in full: 20 November 2026."""
    return f"{day.day} {day:%B %Y}"


def say_short_date(day: date) -> str:
    """A day as tables print it: 20 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def bare(address: str) -> str:
    """An address as people type it, without its scheme."""
    return address.partition("://")[2]


def end_sentence(text: str) -> str:
    """The text with a mark at its end, as people leave it out."""
    return text if text.endswith((".", "!", "?", ":", ";")) else f"{text}."


def sentence(text: str) -> str:
    """The text as a sentence begins. A name of a medicine that is written small stays so."""
    return text[:1].upper() + text[1:]


PROPER = ("Parkinson",)
"""Names that begin with a capital wherever they are."""


def mid_sentence(text: str) -> str:
    """A label of a form as it reads within a sentence; PHQ, ECT and H-coil stay as they are."""
    return "; ".join(_small(part) for part in text.split("; "))


def _small(text: str) -> str:
    is_word = text[1:2].islower() or text[1:2] in (" ", ",", "")
    is_small = is_word and not text.startswith(PROPER)
    return text[:1].lower() + text[1:] if is_small else text


MOST_SOURCES = 8
"""A letter names no more; a reader who wants all asks for them."""


@dataclass
class Sources:
    """Sources in the order in which the letter names them, each with one number.

    more: those that it does not name.
    """

    numbered: dict[str, Cited] = field(default_factory=dict)
    more: set[str] = field(default_factory=set)

    def cite(self, finding: Finding) -> str:
        """The numbers of what a finding rests on, in brackets; empty where it rests on no study."""
        every: tuple[Cited, ...] = (*finding.evidence, *finding.positions)
        cited = [one for one in every if _supports(one)]
        for one in cited:
            if key_of(one) in self.numbered or len(self.numbered) < MOST_SOURCES:
                self.numbered.setdefault(key_of(one), one)
            else:
                self.more.add(key_of(one))
        places = {key: place for place, key in enumerate(self.numbered, start=1)}
        numbers = sorted({places[key_of(one)] for one in cited if key_of(one) in places})
        return f" [{', '.join(str(number) for number in numbers)}]" if numbers else ""


def key_of(cited: Cited) -> str:
    """The key of the source; a position is cited by its guideline."""
    return cited.key if isinstance(cited, Citation) else cited.guideline


def _supports(cited: Cited) -> bool:
    return not (cited.retracted if isinstance(cited, Citation) else cited.withdrawn)


@dataclass(frozen=True)
class Sayings:
    """The material of one letter, with the words to say it in. names: question id -> short name."""

    material: LetterMaterial
    words: LetterWords
    names: Mapping[str, str]

    @property
    def by_question(self) -> dict[str, AnswerInWords]:
        """The recorded answers by question."""
        return {one.question: one for one in self.material.decided.in_words}

    def state(self, question: str) -> AnswerState:
        """Whether a question was answered, not known, open or not asked."""
        return self.by_question[question].state

    def answer(self, question: str) -> str:
        """The answer in words; "not known", "not assessed" and "does not apply" are words, too."""
        if question in self.material.left_out:
            return self.words.substance.left_out
        one = self.by_question[question]
        if one.state is AnswerState.LEFT:
            return self.words.annex["left_to"].format(recipient=one.left_to)
        if one.state is AnswerState.NOT_KNOWN:
            return self.words.not_known
        if one.state is AnswerState.NOT_ASKED:
            return self.words.does_not_apply
        if one.words == OPEN:
            return self.words.not_assessed
        said = self._labeled(question) or mid_sentence(one.words)
        return f"{said}{self.source_beside(question)}"

    def name(self, question: str) -> str:
        """The short name of a question, as it reads within a sentence."""
        return mid_sentence(self.names[question])

    def is_answered(self, question: str) -> bool:
        """Whether somebody gave an answer that may be said."""
        may_be_said = question in self.by_question and question not in self.material.left_out
        return may_be_said and self.state(question) is AnswerState.ANSWERED

    def is_left(self, question: str) -> bool:
        """Whether it was left to somebody else, and the letter says anything of it."""
        if question in self.material.left_out:
            return False
        return self.state(question) is AnswerState.LEFT

    def left(self, questions: Iterable[str]) -> Iterator[str]:
        """One line for each reader to whom some of these questions were left."""
        by_reader: dict[str, list[str]] = {}
        for question in questions:
            if self.is_left(question):
                by_reader.setdefault(self.by_question[question].left_to, []).append(question)
        for reader, left in by_reader.items():
            yield self.words.annex["left"].format(
                recipient=reader, questions=self.short_names(left)
            )

    def _labeled(self, question: str) -> str:
        """A chosen value as the edition lets letters say it; empty where it has no label for it."""
        labels = self.words.labels.get(question, {})
        raw = self.material.decided.answers.get(question)
        values = [str(one) for one in (raw if isinstance(raw, list | tuple) else [raw])]
        return "; ".join(labels[one] for one in values) if labels.keys() >= set(values) else ""

    def source_beside(self, question: str) -> str:
        """Where an answer on substance use comes from, in brackets; empty for other answers."""
        source = self.words.substance.sources.get(self.material.sharing.substance_source)
        if question not in self.words.substance.questions or source is None:
            return ""
        if self.material.sharing.leaves_in_emergency:
            source = self.words.annex["part2_emergency_source"]
        return f" ({source})"

    def day(self, question: str) -> str:
        """The day on which an answer was assessed."""
        day = self.material.decided.assessed_on.get(question)
        return say_date(day) if day else self.words.not_known

    def short_day(self, question: str) -> str:
        """The same, as tables print it."""
        day = self.material.decided.assessed_on.get(question)
        return say_short_date(day) if day else self.words.not_known

    def between(self, started: str, ended: str, *, short: bool = False) -> str:
        """From when to when, as far as it is known; empty where nothing is."""
        known_days = filter(None, (started, ended))
        days = list(dict.fromkeys(say_partial(one, short=short) for one in known_days))
        if len(days) == 2:
            return self.words.history.sentences["between"].format(start=days[0], end=days[1])
        if not days:
            return ""
        known = "only_start" if started and not ended else "only_end" if not started else "on"
        return self.words.page.say(known, day=days[0])

    def heading(self, block_id: str) -> str:
        """What is above a part of the letter."""
        return self.words.page.headings.get(block_id) or self.words.headings[block_id]

    def block(
        self,
        block_id: str,
        *paragraphs: Paragraph,
        table: Table | None = None,
        items: tuple[Item, ...] = (),
    ) -> Block:
        """A part of the letter under its heading."""
        heading = self.heading(block_id)
        return Block(id=block_id, heading=heading, paragraphs=paragraphs, table=table, items=items)

    def fact(self, text: str) -> str:
        """A fact as written on one line, or "not known"."""
        return "; ".join(filter(None, map(str.strip, text.split("\n")))) or self.words.not_known

    def yes_no(self, value: str) -> str:
        """yes, no, not known, or not assessed while nobody has said anything."""
        named = {"yes": self.words.yes_word, "no": self.words.no_word}
        named |= {"not_known": self.words.not_known}
        return named.get(value, self.words.not_assessed)

    def phrases(self, findings: Iterable[Finding], sources: Sources | None = None) -> str:
        """Findings in few words, with what of them has ended, and the numbers of their sources."""
        return "; ".join(
            self.words.findings[one.rule]
            + self.ended(one.rests_on)
            + (sources.cite(one) if sources else "")
            for one in findings
        )

    def ended(self, keys: Iterable[str]) -> str:
        """In brackets that something it rests on has ended; empty while all of it holds."""
        ended = self.material.ended
        said = next((ended[key] for key in keys if key in ended), "")
        return f" ({said})" if said else ""

    def short_names(self, questions: Iterable[str]) -> str:
        """Questions by their short names, each once."""
        return "; ".join(self.name(one) for one in dict.fromkeys(questions))

    def item9(self) -> str:
        """What is recorded of PHQ-9 item 9, in a sentence; empty where there is no form."""
        decided = self.material.decided
        raw = decided.answers.get("phq9")
        question = load_edition(decided.outcome.edition).questionnaire.question("phq9")
        scores = read_answer(question, raw) if isinstance(raw, Mapping) else None
        if not isinstance(scores, Scores) or question.instrument is None:
            return ""
        points = scores.item(SAFETY_ITEM)
        if points is not None:
            return self.words.page.say("item9" if points else "item9_zero", item9=points)
        least = least_safety_item(question.instrument, scores)
        said = "item9_at_least" if least else "item9_not_recorded"
        return self.words.page.say(said, item9=least)
