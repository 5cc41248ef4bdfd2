"""The words for treatment history: lists to choose from, and how a letter prints a row."""

from __future__ import annotations

from collections.abc import Mapping

from decisions.rules.logic.values import Frozen, Text

Words = Mapping[str, Text]


class ScoreRange(Frozen):
    """The scores that a scale can give, in points."""

    lowest: int
    highest: int


class HistoryWords(Frozen):
    """Choices by the name under which they are kept; columns and sentences of the letter.

    ranges and doubts are the same for every edition: by scale, and by what cannot be right.
    """

    choices: Mapping[str, Words]
    columns: Mapping[str, tuple[Text, ...]]
    sentences: Words
    gaps: Words
    ranges: Mapping[str, ScoreRange]
    doubts: Words

    def say(self, list_name: str, value: str, otherwise: str) -> str:
        """A chosen value in words. What a later edition no longer lists is printed as kept."""
        return self.choices[list_name].get(value, value) or otherwise
