"""The patient's sheet beside a release of the evidence, as page and paper show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from decisions.decision_aid.drawing import Picture, draw_people
from decisions.decision_aid.making import say_making
from decisions.documents.decision_aid.figures import Block, blocks_of, keys_of
from decisions.documents.decision_aid.sheet import (
    Arm,
    Cell,
    Figure,
    Line,
    Option,
    Passage,
    Sheet,
    Table,
)
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.presenters.source import SourceView, present_source_of
from kapnet.core.web.days import say_day

PEOPLE_OF_A_PICTURE = 100
COPY = "Available from: "
"""Before the address of the copy that was read, at the end of a citation."""


@dataclass(frozen=True)
class Reference:
    """A source with its number, how sure we are of it, and how far it was read."""

    number: int
    view: SourceView
    sureness: str
    how_read: str

    @property
    def citation(self) -> str:
        """As it is cited; the address of a copy only where nothing else leads to the source."""
        whole = self.view.citation
        return whole.partition(COPY)[0].strip() if self.view.source.journal else whole


@dataclass(frozen=True)
class LineView:
    """A statement with the numbers of its sources.

    ended: that the last day of something it rests on is past, in words; mostly blank.
    """

    say: str
    references: tuple[int, ...]
    ended: str


@dataclass(frozen=True)
class ArmView:
    """One group of a figure in words, and as a picture where it counts out of a hundred."""

    name: str
    says: tuple[str, ...]
    picture: Picture | None


@dataclass(frozen=True)
class FigureView:
    """A count of people: who and when, each group, and how sure we are."""

    people: str
    arms: tuple[ArmView, ...]
    notes: tuple[str, ...]
    references: tuple[int, ...]
    ended: str

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of it, in order."""
        arms = tuple(text for arm in self.arms for text in (arm.name, *arm.says))
        return (self.people, *arms, *self.notes)


@dataclass(frozen=True)
class CellView:
    """What is known of one option on one topic."""

    head: str
    figures: tuple[FigureView, ...]
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class RowView:
    """One option in one table."""

    option: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class TableView:
    """One table: a column for each topic, a row for each option."""

    id: str
    heading: str
    heads: tuple[str, ...]
    rows: tuple[RowView, ...]
    notes: tuple[LineView, ...]


@dataclass(frozen=True)
class PassageView:
    """Lines under a heading."""

    heading: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class SheetView:
    """Everything that page and paper print. blocks: why it cannot be printed; mostly empty."""

    sheet: Sheet
    release: str
    general: tuple[LineView, ...]
    passages: tuple[PassageView, ...]
    tables: tuple[TableView, ...]
    values: PassageView
    leaning: PassageView
    next: PassageView
    sources: PassageView
    references: tuple[Reference, ...]
    made: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def blank_lines(self) -> range:
        """One entry for each line to write on."""
        return range(self.sheet.questions.blank_lines)


def present_sheet(sheet: Sheet, evidence: EvidenceBase, *, today: date) -> SheetView:
    """The sheet with its sources numbered in the order of their first mention."""
    reader = _Reader(sheet, Endings(evidence, today))
    return SheetView(
        sheet=sheet,
        release=evidence.release,
        general=reader.lines(sheet.general),
        passages=tuple(
            reader.passage(one) for one in (sheet.condition, sheet.choice, sheet.how_to_read)
        ),
        tables=tuple(reader.table(one) for one in sheet.tables),
        values=reader.passage(sheet.values),
        leaning=reader.passage(sheet.leaning),
        next=reader.passage(sheet.next),
        sources=reader.passage(sheet.sources),
        references=tuple(reader.references()),
        made=tuple(say_making(sheet, release=evidence.release)),
        blocks=tuple(say_block(one, sheet) for one in blocks_of(sheet, evidence, today=today)),
    )


def say_block(block: Block, sheet: Sheet) -> str:
    """Why the sheet cannot be printed, as a sentence."""
    template: str = getattr(sheet.blocked, block.what)
    day = say_day(sheet.next_review)
    return template.format(next_review=day, source=block.of, problem=block.of)


class _Reader:
    """Turns statements into words, and sources into their numbers."""

    def __init__(self, sheet: Sheet, endings: Endings) -> None:
        evidence = endings.evidence
        self.sheet, self.evidence, self.words = sheet, evidence, sheet.words
        self.endings = endings
        keys = dict.fromkeys(key for one in sheet.statements() for key in keys_of(one, evidence))
        self.numbers: Mapping[str, int] = {key: at for at, key in enumerate(keys, start=1)}

    def references(self) -> Iterator[Reference]:
        """Every source in the order of its number."""
        for key, number in self.numbers.items():
            yield Reference(
                number=number,
                view=present_source_of(key, self.evidence),
                sureness=self._sureness(key),
                how_read=self._how_read(key),
            )

    def _sureness(self, key: str) -> str:
        certainty = self.evidence.source(key).certainty
        return self.sheet.sureness[certainty] if certainty else self.words.not_graded

    def _how_read(self, key: str) -> str:
        return self.sheet.how_read[self.evidence.source(key).verified]

    def _numbers_of(self, statement: Line | Figure) -> tuple[int, ...]:
        return tuple(self.numbers[key] for key in keys_of(statement, self.evidence))

    def _ended(self, statement: Line | Figure) -> str:
        cautions = statement.cautions if isinstance(statement, Line) else ()
        return self.endings.beside(keys_of(statement, self.evidence), cautions)

    def lines(self, lines: tuple[Line, ...]) -> tuple[LineView, ...]:
        """Statements with the numbers of their sources."""
        return tuple(LineView(one.say, self._numbers_of(one), self._ended(one)) for one in lines)

    def passage(self, passage: Passage) -> PassageView:
        """Lines under their heading."""
        return PassageView(passage.heading, self.lines(passage.lines))

    def table(self, table: Table) -> TableView:
        """One row for each option, one cell for each topic."""
        return TableView(
            id=table.id,
            heading=table.heading,
            heads=tuple(topic.head for topic in table.topics),
            rows=tuple(self._row(option, table) for option in self.sheet.options),
            notes=self.lines(table.notes),
        )

    def _row(self, option: Option, table: Table) -> RowView:
        cells = (self._cell(topic.head, topic.cells[option.id]) for topic in table.topics)
        return RowView(option.name, tuple(cells))

    def _cell(self, head: str, cell: Cell) -> CellView:
        figures = tuple(self._figure(figure) for figure in cell.figures)
        return CellView(head, figures, self.lines(cell.lines))

    def _figure(self, figure: Figure) -> FigureView:
        return FigureView(
            people=self.words.people.format(who=figure.who, when=figure.when),
            arms=tuple(self._arm(arm, figure) for arm in figure.arms),
            notes=tuple(self._notes(figure)),
            references=self._numbers_of(figure),
            ended=self._ended(figure),
        )

    def _arm(self, arm: Arm, figure: Figure) -> ArmView:
        return ArmView(arm.name, tuple(self._says(arm, figure)), self._picture(arm, figure))

    def _says(self, arm: Arm, figure: Figure) -> Iterator[str]:
        """For whom it came true and for whom not, with the same weight, then what is uncertain."""
        words, rest = self.words, figure.per - arm.of
        per = f"{figure.per:,}"
        if arm.up_to is None:
            yield words.share.format(of=arm.of, per=per, got=figure.got)
            yield words.share_rest.format(rest=rest, did_not=figure.did_not)
        else:
            low = figure.per - arm.up_to
            yield words.spread.format(of=arm.of, up_to=arm.up_to, per=per, got=figure.got)
            yield words.spread_rest.format(rest_low=low, rest_high=rest, did_not=figure.did_not)
        if arm.low is not None:
            yield self.words.estimate.format(of=arm.of, low=arm.low, high=arm.high)
        if arm.counts is not None:
            events, total = arm.counts
            yield self.words.counts.format(events=events, total=total)

    def _picture(self, arm: Arm, figure: Figure) -> Picture | None:
        if figure.per != PEOPLE_OF_A_PICTURE:
            return None
        up_to = arm.up_to or arm.of
        template = self.words.picture if arm.up_to is None else self.words.picture_spread
        title = template.format(per=figure.per, of=arm.of, between=up_to - arm.of)
        return draw_people(filled=arm.of, up_to=up_to, title=title)

    def _notes(self, figure: Figure) -> Iterator[str]:
        """What is uncertain: interval, spread or neither; how sure we are; what was read."""
        if figure.difference:
            told = figure.difference
            yield self.words.difference.format(
                more=told.more, low=told.low, high=told.high, per=figure.per
            )
        elif any(arm.up_to for arm in figure.arms):
            yield self.words.from_studies
            if figure.per == PEOPLE_OF_A_PICTURE:
                yield self.words.half_filled
        elif all(arm.low is None for arm in figure.arms):
            yield self.words.no_range
        keys = keys_of(figure, self.evidence)
        if figure.certainty:
            yield self.sheet.sureness[figure.certainty]
        else:
            yield from dict.fromkeys(self._sureness(key) for key in keys)
        yield from dict.fromkeys(self._how_read(key) for key in keys)
