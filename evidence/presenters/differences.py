"""What differs between two versions of an entry, for readers: in words, and word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Field

from evidence.domain.differences import Difference, Line, marked
from evidence.domain.terms import BearsOn, EntryKind
from evidence.rows import MODELS

FIELD_WORDS: Mapping[str, str] = {
    "id": "key",
    "results": "numbers",
    "bears_on": "questions it helps to answer",
    "certainty_why": "why this certainty",
    "certainty_reasons": "reasons for the certainty",
    "note": "curators’ note",
    "valid_until": "holds until",
    "review_by": "look at it again by",
    "evidence": "sources",
    "level_of_evidence": "level of evidence",
}
"""Fields whose own name says too little, or nothing to a reader."""


@dataclass(frozen=True)
class ShownDifference:
    """One field that differs.

    lines: both texts as one, marked. is_shortened: words that stayed are left out of it.
    """

    field: str
    before: str
    after: str
    lines: tuple[Line, ...]

    @property
    def is_shortened(self) -> bool:
        """Whether the whole texts say more than the marked lines."""
        return any(piece.how == "left_out" for line in self.lines for piece in line)


def present_differences(
    kind: EntryKind, found: Iterable[Difference]
) -> tuple[ShownDifference, ...]:
    """Every field that differs, with the words that forms and pages use."""
    return tuple(_shown(kind, one) for one in found)


def _shown(kind: EntryKind, one: Difference) -> ShownDifference:
    name = one.field.replace(" ", "_")
    words = _words_of_values(kind, name)
    before, after = _said(one.before, words), _said(one.after, words)
    return ShownDifference(field_words(kind, name), before, after, marked(before, after))


def field_words(kind: EntryKind, name: str) -> str:
    """What a field is called."""
    if name in FIELD_WORDS:
        return FIELD_WORDS[name]
    columns = {one.name: one for one in MODELS[kind]._meta.fields}
    return str(columns[name].verbose_name) if name in columns else name.replace("_", " ")


def _words_of_values(kind: EntryKind, name: str) -> Mapping[str, str]:
    if name == "bears_on":
        return dict(BearsOn.choices())
    columns: dict[str, Field[Any, Any]] = {one.name: one for one in MODELS[kind]._meta.fields}
    return {
        str(value): str(label) for value, label in getattr(columns.get(name), "flatchoices", ())
    }


def _said(text: str, words: Mapping[str, str]) -> str:
    return "\n".join(words.get(line, line) for line in text.split("\n"))
