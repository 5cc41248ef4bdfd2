"""How a letter says dates, answers and findings, with numbered sources. Used by its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from decisions.documents.letter.material import LetterMaterial
from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.answers_in_words import OPEN, AnswerInWords, AnswerState
from decisions.rules.engine.outcomes import Citation, Finding, PositionCitation

Cited = Citation | PositionCitation


def say_date(day: date) -> str:
    """A day in full: 20 November 2026."""
    return f"{day.day} {day:%B %Y}"


def say_short_date(day: date) -> str:
    """A day as tables print it: 20 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def end_sentence(text: str) -> str:
    """The text with a mark at its end, as people leave it out."""
    return text if text.endswith((".", "!", "?", ":", ";")) else f"{text}."


@dataclass
class Sources:
    """Sources in the order in which the letter names them, each with one number."""

    numbered: dict[str, Cited] = field(default_factory=dict)

    def cite(self, finding: Finding) -> str:
        """The numbers of what a finding rests on, in brackets; empty where it rests on no study."""
        every: tuple[Cited, ...] = (*finding.evidence, *finding.positions)
        cited = [one for one in every if _supports(one)]
        for one in cited:
            self.numbered.setdefault(key_of(one), one)
        places = {key: place for place, key in enumerate(self.numbered, start=1)}
        numbers = sorted({places[key_of(one)] for one in cited})
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
        if one.state is AnswerState.NOT_KNOWN:
            return self.words.not_known
        if one.state is AnswerState.NOT_ASKED:
            return self.words.does_not_apply
        if one.words == OPEN:
            return self.words.not_assessed
        return self._with_source(question, self._labeled(question) or one.words)

    def _labeled(self, question: str) -> str:
        """A chosen value as the edition lets letters say it; empty where it has no label for it."""
        labels = self.words.labels.get(question, {})
        raw = self.material.decided.answers.get(question)
        values = [str(one) for one in (raw if isinstance(raw, list | tuple) else [raw])]
        return "; ".join(labels[one] for one in values) if labels.keys() >= set(values) else ""

    def _with_source(self, question: str, answer: str) -> str:
        """An answer on substance use, with where it comes from."""
        source = self.words.substance.sources.get(self.material.sharing.substance_source)
        if question not in self.words.substance.questions or source is None:
            return answer
        if self.material.sharing.leaves_in_emergency:
            source = self.words.annex["part2_emergency_source"]
        return f"{answer} ({source})"

    def day(self, question: str) -> str:
        """The day on which an answer was assessed."""
        day = self.material.decided.assessed_on.get(question)
        return say_date(day) if day else self.words.not_known

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
        return "; ".join(self.names[one] for one in dict.fromkeys(questions))

    def item9(self) -> int | None:
        """PHQ-9 item 9 as recorded, or None where it was not answered."""
        raw = self.material.decided.answers.get("phq9")
        if not isinstance(raw, Mapping):
            return None
        items = raw.get("items")
        value = items[8] if isinstance(items, list | tuple) and len(items) > 8 else raw.get("item9")
        return value if isinstance(value, int) else None
