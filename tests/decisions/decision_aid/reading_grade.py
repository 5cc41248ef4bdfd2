"""How hard the sheet is to read: Flesch-Kincaid and SMOG of each section, as it is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import textstat

NAMES = re.compile(
    r"\b(?:esketamine|ketamine|quetiapine|aripiprazole|midazolam|Spravato)\b", re.IGNORECASE
)
"""Names of drugs. A reader who knows one reads it at once, so it counts as one syllable."""

ONE_SYLLABLE = "drug"


@dataclass(frozen=True)
class Grade:
    """The grades of one section: with its drug names replaced, and as printed."""

    section: str
    replaced: float
    printed: float
    smog: float
    words_a_sentence: float

    def __str__(self) -> str:
        return (
            f"{self.section}: grade {self.replaced:.1f} ({self.printed:.1f} with drug names), "
            f"SMOG {self.smog:.1f}, {self.words_a_sentence:.1f} words a sentence"
        )


def grade(section: str, texts: Iterable[str]) -> Grade:
    """The grades of these texts, each of which ends as a sentence does."""
    printed = "\n".join(_ended(text) for text in texts)
    replaced = NAMES.sub(ONE_SYLLABLE, printed)
    return Grade(
        section=section,
        replaced=textstat.flesch_kincaid_grade(replaced),
        printed=textstat.flesch_kincaid_grade(printed),
        smog=textstat.smog_index(replaced),
        words_a_sentence=textstat.lexicon_count(replaced) / textstat.sentence_count(replaced),
    )


def _ended(text: str) -> str:
    """A heading or a name counts as a sentence of its own."""
    return text if text[-1] in ".?!" else f"{text}."
