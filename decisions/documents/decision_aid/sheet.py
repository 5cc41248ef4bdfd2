"""The patient's sheet as data: six ways forward, each with the same topics, and no patient.

The sheet is a general decision aid. Nothing in it depends on a case, and nothing recommends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from decisions.rules.logic.values import Frozen, Text
from evidence.domain.parts import Key
from evidence.domain.terms import Certainty, Verified
from evidence.guide.model import Row

Share = Annotated[int, Field(ge=0)]
"""People of a hundred or of a thousand."""

FIRST_VERSION = 1


class Line(Frozen):
    """A statement; without source or caution it is general knowledge and has no number."""

    say: Text
    sources: tuple[Key, ...] = ()
    cautions: tuple[Key, ...] = ()


class Arm(Frozen):
    """People of one group for whom something came true, rounded from one result of the evidence.

    of, up_to: people of `per`; up_to only where the source gives a span. low, high: the 95%
    interval. counts: those for whom it came true, of all counted.
    """

    name: Text
    result: Row
    of: Share
    up_to: Share | None = None
    low: Share | None = None
    high: Share | None = None
    counts: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _interval_is_whole(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: give both ends of the interval, or none")
        return self


class Difference(Frozen):
    """How many more of `per` in the first arm than in the second, with the 95% interval."""

    result: Row
    more: int
    low: int
    high: int


class Figure(Frozen):
    """A count of people with its time, said both ways: who it came true for and who not.

    certainty: of this number, where the grade of its source is for other things that it says;
    never more than the source's own.
    """

    id: Key
    who: Text
    when: Text
    got: Text
    did_not: Text
    per: Literal[100, 1000] = 100
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=3)]
    difference: Difference | None = None
    certainty: Certainty | None = None

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        numbers = [
            number
            for arm in self.arms
            for number in (arm.of, arm.up_to, arm.low, arm.high)
            if number is not None
        ]
        if max(numbers) > self.per:
            raise ValueError(f"{self.id}: a share is more than {self.per}")
        if self.difference and len(self.arms) != len(("first", "second")):
            raise ValueError(f"{self.id}: a difference needs two arms")
        return self

    @property
    def rows(self) -> tuple[Row, ...]:
        """The results that it rests on."""
        more = (self.difference.result,) if self.difference else ()
        return (*(arm.result for arm in self.arms), *more)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of its results, each once."""
        return tuple(dict.fromkeys(row.source for row in self.rows))


class Cell(Frozen):
    """What is known of one option on one topic; never empty."""

    figures: tuple[Figure, ...] = ()
    lines: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.figures and not self.lines:
            raise ValueError("a cell is empty: say “Not known” where nothing is known")
        return self


class Topic(Frozen):
    """One question, answered for every option in their order."""

    id: Key
    head: Text
    kind: Literal["benefit", "harm", "other"]
    cells: Mapping[str, Cell]


class Table(Frozen):
    """Topics side by side, with one row for each option."""

    id: Key
    heading: Text
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    notes: tuple[Line, ...] = ()


class Option(Frozen):
    """One way forward, by its name."""

    id: str
    name: Text


class Passage(Frozen):
    """Lines under a heading."""

    heading: Text
    lines: tuple[Line, ...]


class Values(Passage):
    """What may matter to a person, to be marked on paper. There is no sum of it."""

    head: Text
    levels: Annotated[tuple[Text, ...], Field(min_length=2)]
    statements: Annotated[tuple[Text, ...], Field(min_length=1)]


class Leaning(Passage):
    """Where a person leans, asked at the end."""

    unsure: Text


class Questions(Frozen):
    """Questions to ask, and lines for one's own."""

    heading: Text
    ask: Annotated[tuple[Text, ...], Field(min_length=1)]
    own: Text
    blank_lines: Annotated[int, Field(ge=1)]


class Made(Frozen):
    """Who made the sheet, who pays, who earns, how old it is. Texts in braces are filled in."""

    heading: Text
    dates: Text
    policy: Text
    maker: Text
    maker_earns: Text
    maker_earns_nothing: Text
    maker_not_stated: Text
    paid_by: Text
    paid_by_nobody: Text
    paid_not_stated: Text
    clinic_earns: Text
    clinic_earns_nothing: Text
    clinic_not_stated: Text
    untested: Text


class Words(Frozen):
    """How figures are said. Texts in braces are filled in."""

    people: Text
    share: Text
    share_rest: Text
    spread: Text
    spread_rest: Text
    estimate: Text
    counts: Text
    difference: Text
    no_range: Text
    from_studies: Text
    picture: Text
    picture_spread: Text
    half_filled: Text
    not_graded: Text


class Blocked(Frozen):
    """Why the sheet cannot be printed, and what to do."""

    heading: Text
    overdue: Text
    withdrawn: Text
    outdated: Text
    what_to_do: Text


class Sheet(Frozen):
    """The whole sheet. Raises pydantic.ValidationError where a topic leaves an option out."""

    edition: Text
    version: Annotated[int, Field(ge=FIRST_VERSION)]
    dated: date
    next_review: date
    title: Text
    subtitle: Text
    general: tuple[Line, ...]
    crisis: Text
    condition: Passage
    choice: Passage
    how_to_read: Passage
    options: tuple[Option, ...]
    tables: Annotated[tuple[Table, ...], Field(min_length=1)]
    values: Values
    leaning: Leaning
    questions: Questions
    next: Passage
    sources: Passage
    made: Made
    words: Words
    sureness: Mapping[Certainty, Text]
    how_read: Mapping[Verified, Text]
    blocked: Blocked

    @model_validator(mode="after")
    def _every_option_has_every_topic(self) -> Self:
        names = [option.id for option in self.options]
        for topic in self.topics:
            if list(topic.cells) != names:
                raise ValueError(f"{topic.id}: it needs one cell each for {', '.join(names)}")
        kinds = [topic.kind for topic in self.topics]
        if not kinds.count("benefit") == kinds.count("harm") > 0:
            raise ValueError("there must be as many topics of benefit as of harm")
        return self

    @model_validator(mode="after")
    def _words_are_whole(self) -> Self:
        if set(self.sureness) != set(Certainty) or set(self.how_read) != set(Verified):
            raise ValueError("sureness and how_read need a sentence for each grade")
        return self

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic in order."""
        return tuple(topic for table in self.tables for topic in table.topics)

    @property
    def version_name(self) -> str:
        """The short name of this version: 2026.1-1."""
        return f"{self.edition}-{self.version}"

    def statements(self) -> Iterator[Line | Figure]:
        """Every line and figure in the order in which a reader meets them."""
        yield from self.general
        for passage in (self.condition, self.choice, self.how_to_read):
            yield from passage.lines
        for table in self.tables:
            for option in self.options:
                for topic in table.topics:
                    yield from topic.cells[option.id].figures
                    yield from topic.cells[option.id].lines
            yield from table.notes
        for closing in (self.values, self.leaning, self.next, self.sources):
            yield from closing.lines
