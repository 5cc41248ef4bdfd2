"""The words of page one, and of the parts of the annex that came with it."""

from __future__ import annotations

from collections.abc import Mapping

from decisions.rules.logic.values import Frozen, Text

Words = Mapping[str, Text]
USUAL = "usual"

PAGE_PLACES = frozenset(
    [
        *("whom", "ask", "how_soon", "why", "patient", "option", "name", "age", "sex", "day"),
        *("phone", "words", "diagnosis", "scale", "score", "code", "courses", "best", "held"),
        *("months", "last", "count", "before", "after", "speed", "preference", "finding"),
        *("details", "item9", "assessed", "assessment", "agreed", "systolic", "diastolic"),
        *("answer", "names", "reasons", "recipient", "substance", "reaction", "what", "result"),
        *("more", "purpose", "why", "when", "edition", "release", "decision", "address"),
    ]
)
"""What a sentence of page one may leave to be filled in."""


class PageWords(Frozen):
    """Sentences and names of page one. clear: question -> the answers that are no finding.

    in_place: question -> the answers by which some help is there.

    annex_of: reader -> the parts of the annex, in their order.

    tms_answered: question -> how its answer is said among those on TMS. clear_names: question ->
    how it is called where nothing was found. column_names: column -> how it is called where
    nothing in it is known. said_once: columns that are said below a table where all rows agree.
    """

    edition: str = ""
    headings: Words
    columns: Mapping[str, tuple[Text, ...]]
    courses: Words
    clear: Mapping[str, tuple[Text, ...]]
    in_place: Mapping[str, tuple[Text, ...]]
    annex_of: Mapping[str, tuple[Text, ...]]
    sentences: Words
    unknown_names: Words
    tms_answered: Words
    clear_names: Words
    column_names: Words
    said_once: tuple[Text, ...]

    def say(self, name: str, /, **places: object) -> str:
        """A sentence with its places filled in."""
        return self.sentences[name].format(**places)

    def is_clear(self, question: str, value: object) -> bool:
        """Whether an answer is no finding: no, none, never, or nothing of a list."""
        if isinstance(value, list | tuple):
            return not value
        if question in self.in_place:
            return False
        return value in self.clear.get(question, self.clear[USUAL])

    def is_in_place(self, question: str, value: object) -> bool:
        """Whether an answer says that some help is there."""
        return value in self.in_place.get(question, ())
