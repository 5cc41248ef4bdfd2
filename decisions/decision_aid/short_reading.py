"""The two pages of the sheet beside a release of the evidence, as page and paper show them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings

from decisions.decision_aid.making import say_making
from decisions.decision_aid.reading import say_block
from decisions.documents.decision_aid.figures import Block, blocks_of, keys_of
from decisions.documents.decision_aid.sheet import Arm, Figure, Sheet
from decisions.documents.decision_aid.short import (
    NOT_GRADED,
    ShortLine,
    ShortSheet,
    ShortTopic,
    figures_of,
    problems_of_short,
    statements_of,
)
from evidence.domain.citation import title_of
from evidence.domain.entries import EvidenceBase, Source
from evidence.domain.terms import Certainty
from evidence.ending import Endings

SUREST_FIRST: tuple[Certainty | None, ...] = (*Certainty, None)


class ShortLineView(NamedTuple):
    """A statement, how sure we are where it counts people, and the numbers of its sources."""

    say: str
    sure: str
    references: tuple[int, ...]
    ended: str


class ShortRow(NamedTuple):
    """One option with what is said of it, each under the head of its topic."""

    option: str
    under: tuple[tuple[str, tuple[ShortLineView, ...]], ...]


class ShortTable(NamedTuple):
    """One page's topics."""

    heads: tuple[str, ...]
    rows: tuple[ShortRow, ...]


class ShortReference(NamedTuple):
    """A source with its number, as short as it can be found."""

    number: int
    says: str


@dataclass(frozen=True)
class ShortView:
    """Everything that the two pages print. marked: options that were talked about.

    blocks: why they cannot be printed, as a clinician reads it; mostly empty.
    """

    short: ShortSheet
    version: str
    dated: date
    release: str
    crisis: tuple[str, ...]
    tables: tuple[ShortTable, ...]
    discussed: tuple[tuple[str, bool], ...]
    references: tuple[ShortReference, ...]
    made: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def foot(self) -> str:
        """What is at the foot of each page."""
        return f"{self.short.title} · {self.version} · {self.dated.isoformat()} · {self.release}"


def present_short(
    short: ShortSheet,
    sheet: Sheet,
    evidence: EvidenceBase,
    *,
    today: date,
    discussed: Collection[str] = (),
) -> ShortView:
    """The two pages. discussed: options by their name in the data; others are not marked."""
    reader = _Reader(short, sheet, Endings(evidence, today))
    stopped = blocks_of(sheet, evidence, today=today)
    outdated = (Block(what="outdated", of=one) for one in problems_of_short(short, sheet, evidence))
    return ShortView(
        short=short,
        version=sheet.version_name,
        dated=sheet.dated,
        release=evidence.release,
        crisis=tuple(_crisis(short)),
        tables=(reader.table(short.first), reader.table(short.second)),
        discussed=tuple((name, one in discussed) for one, name in short.options.items()),
        references=tuple(reader.references()),
        made=tuple(_made(short, sheet, evidence.release)),
        blocks=tuple(say_block(one, sheet) for one in (*stopped, *outdated)),
    )


def in_its_language(short: ShortSheet, text: str) -> str:
    """What a setting says; in the language of the pages where they have words for it."""
    return short.translated.get(text, text)


def say_day_in(short: ShortSheet, day: date) -> str:
    """A day as the language writes it."""
    return short.day.format(day=day.day, month=short.months[day.month - 1], year=day.year)


def _crisis(short: ShortSheet) -> Iterator[str]:
    words = {name: in_its_language(short, text) for name, text in settings.CRISIS_LINE.items()}
    yield from (text.format(**words).strip() for text in short.crisis)


def _made(short: ShortSheet, sheet: Sheet, release: str) -> Iterator[str]:
    def day_in(day: date) -> str:
        return say_day_in(short, day)

    yield from say_making(
        sheet,
        release=release,
        made=short.made,
        names=short.options,
        say_day=day_in,
        maker=in_its_language(short, settings.SHEET_MAKER),
    )


class _Reader:
    """Turns lines into words, and their sources into numbers."""

    def __init__(self, short: ShortSheet, sheet: Sheet, endings: Endings) -> None:
        self.short, self.evidence, self.endings = short, endings.evidence, endings
        self.figures = figures_of(sheet)
        keys = dict.fromkeys(key for line in short.lines() for key in self._keys(line))
        self.numbers: Mapping[str, int] = {key: at for at, key in enumerate(keys, start=1)}

    def _keys(self, line: ShortLine) -> dict[str, None]:
        """The sources behind a line, each once."""
        statements = statements_of(line, self.figures)
        return dict.fromkeys(key for one in statements for key in keys_of(one, self.evidence))

    def table(self, topics: tuple[ShortTopic, ...]) -> ShortTable:
        """One row for each option."""
        return ShortTable(
            heads=tuple(one.head for one in topics),
            rows=tuple(
                ShortRow(name, tuple((one.head, self._cell(one.cells[option])) for one in topics))
                for option, name in self.short.options.items()
            ),
        )

    def _cell(self, lines: tuple[ShortLine, ...]) -> tuple[ShortLineView, ...]:
        return tuple(self._line(one) for one in lines)

    def _line(self, line: ShortLine) -> ShortLineView:
        figure = self.figures.get(line.figure) if line.figure else None
        counts = [self._count(arm) for arm in figure.arms] if figure else []
        keys = self._keys(line)
        return ShortLineView(
            say=line.say.format(*counts),
            sure=self._sure(figure) if figure else "",
            references=tuple(self.numbers[key] for key in keys),
            ended=self.endings.beside(keys, line.cautions),
        )

    def _count(self, arm: Arm) -> str:
        if arm.up_to is None:
            return str(arm.of)
        return self.short.span.format(low=arm.of, high=arm.up_to)

    def _sure(self, figure: Figure) -> str:
        """How sure we are of a figure; of several sources the least sure."""
        grades = [self.evidence.source(key).certainty for key in figure.sources]
        grades = [figure.certainty] if figure.certainty else grades
        least = max(grades, key=lambda one: SUREST_FIRST.index(one))
        return self.short.sure.format(sureness=self.short.sureness[least or NOT_GRADED])

    def references(self) -> Iterator[ShortReference]:
        """Every source in the order of its number."""
        for key, number in self.numbers.items():
            yield ShortReference(number, short_citation(self.evidence.source(key)))


def short_citation(source: Source) -> str:
    """Label and DOI; where there is none, the journal or the title, and no copy's address."""
    if source.doi:
        return f"{source.label}: doi:{source.doi}"
    return f"{source.label}: {source.journal or title_of(source)}"
