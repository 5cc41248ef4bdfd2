"""The two pages of the patient's sheet as data: the same topics for every option, in one language.

A line that counts people names a figure of the long sheet, and its words have places for the
numbers: no language can say another number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from decisions.documents.decision_aid.figures import DENOMINATORS, keys_of
from decisions.documents.decision_aid.sheet import Figure, Line, Made, Sheet
from decisions.rules.logic.values import Frozen, Text
from evidence.domain.entries import EvidenceBase
from evidence.domain.parts import Key
from evidence.domain.terms import Certainty
from evidence.guide.model import Sentence, numbers_in, unsupported_numbers

PLACE = re.compile(r"\{(\d)\}")
NOT_GRADED = "none"


class ShortLine(Frozen):
    """One statement. figure: of the long sheet, whose numbers take the place of {0} and {1}."""

    say: Text
    figure: Key | None = None
    sources: tuple[Key, ...] = ()
    cautions: tuple[Key, ...] = ()

    @property
    def places(self) -> frozenset[int]:
        """The groups whose numbers it says."""
        return frozenset(int(one) for one in PLACE.findall(self.say))


Cell = Annotated[tuple[ShortLine, ...], Field(min_length=1)]


class ShortTopic(Frozen):
    """One question, answered for every option with as many lines."""

    id: Key
    head: Text
    kind: Literal["benefit", "harm", "other"]
    cells: Mapping[str, Cell]

    @model_validator(mode="after")
    def _says_as_much_of_each(self) -> Self:
        counts = {option: len(lines) for option, lines in self.cells.items()}
        if len(set(counts.values())) > 1:
            raise ValueError(f"{self.id}: as many lines for each option, not {counts}")
        return self


class Asked(Frozen):
    """Questions to ask."""

    heading: Text
    ask: Annotated[tuple[Text, ...], Field(min_length=1)]


class Marked(Frozen):
    """Statements to be marked on paper."""

    heading: Text
    lead: Text
    statements: Annotated[tuple[Text, ...], Field(min_length=1)]


class Discussed(Frozen):
    """The options that were talked about."""

    heading: Text
    lead: Text


class ShortSheet(Frozen):
    """The two pages in one language. checked: a clinician who speaks it has read it.

    translated: what settings say -> the same in this language.
    """

    language: Literal["en-US", "es"]
    checked: bool
    title: Text
    lead: Text
    crisis_heading: Text
    crisis: Annotated[tuple[Text, ...], Field(min_length=1)]
    translated: Mapping[str, Text]
    how_to_read: Text
    option_head: Text
    options: Mapping[str, Text]
    first: Annotated[tuple[ShortTopic, ...], Field(min_length=1)]
    second: Annotated[tuple[ShortTopic, ...], Field(min_length=1)]
    sureness_heading: Text
    sureness: Mapping[str, Text]
    sure: Text
    span: Text
    values: Marked
    questions: Asked
    discussed: Discussed
    next: Text
    longer: Text
    not_shown: Text
    sources_heading: Text
    not_checked: str
    made: Made
    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)]
    day: Text
    foot: Text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = list(self.options)
        for topic in self.topics:
            if list(topic.cells) != names:
                raise ValueError(f"{topic.id}: it needs one cell each for {', '.join(names)}")
        if set(self.sureness) != {*(one.value for one in Certainty), NOT_GRADED}:
            raise ValueError("sureness: a word for each grade, and one for none")
        if not self.checked and not self.not_checked:
            raise ValueError("not_checked: say that nobody has checked it")
        return self

    @property
    def topics(self) -> tuple[ShortTopic, ...]:
        """Every topic in order."""
        return (*self.first, *self.second)

    def lines(self) -> Iterator[ShortLine]:
        """Every line in the order in which a reader meets them."""
        for part in (self.first, self.second):
            for option in self.options:
                for topic in part:
                    yield from topic.cells[option]


def statements_of(line: ShortLine, figures: Mapping[str, Figure]) -> Iterator[Line | Figure]:
    """A line as what it rests on: its figure, and itself where it names sources of its own."""
    if line.figure is not None and line.figure in figures:
        yield figures[line.figure]
    if line.sources or line.cautions:
        yield Line(say=line.say, sources=line.sources, cautions=line.cautions)


def figures_of(sheet: Sheet) -> dict[str, Figure]:
    """The figures of the long sheet by their name."""
    return {one.id: one for one in sheet.statements() if isinstance(one, Figure)}


def problems_of_short(short: ShortSheet, sheet: Sheet, evidence: EvidenceBase) -> Iterator[str]:
    """What is wrong with the two pages beside the long sheet and this evidence."""
    if list(short.options) != [one.id for one in sheet.options]:
        yield "options: the same as in the long sheet, in its order"
    figures = figures_of(sheet)
    cited = {key for one in sheet.statements() for key in keys_of(one, evidence)}
    for line in short.lines():
        yield from _problems_of_line(line, figures, evidence)
        for key in set(line.sources) - cited:
            yield f"the long sheet does not cite {key}"


def _problems_of_line(
    line: ShortLine, figures: Mapping[str, Figure], evidence: EvidenceBase
) -> Iterator[str]:
    figure = figures.get(line.figure) if line.figure else None
    if line.figure and figure is None:
        yield f"the long sheet has no figure {line.figure}"
        return
    groups = frozenset(range(len(figure.arms))) if figure else frozenset()
    if line.places != groups:
        yield f"“{line.say}” says {sorted(line.places)} of the groups {sorted(groups)}"
    say = PLACE.sub("", line.say)
    sources = (*line.sources, *(figure.sources if figure else ()))
    numbers = numbers_in(say)
    if sources or line.cautions:
        written = Sentence(say=say, sources=sources, cautions=line.cautions)
        numbers = unsupported_numbers(written, evidence)
    if odd := numbers - DENOMINATORS:
        yield f"{', '.join(sorted(odd))} is in no source of “{line.say}”"


def problems_of_translation(other: ShortSheet, short: ShortSheet) -> Iterator[str]:
    """Where a translation says another number, or another group, than the English words."""
    for mine, its in zip(short.lines(), other.lines(), strict=True):
        if mine.places != its.places:
            yield f"“{its.say}” has other places than “{mine.say}”"
        if numbers_in(mine.say) != numbers_in(its.say):
            yield f"“{its.say}” has other numbers than “{mine.say}”"
