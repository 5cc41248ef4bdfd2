"""Evidence as pages show it: made of values, so that a record can be shown as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from evidence.charts.charts import Chart, chart_of
from evidence.charts.words import NO_INTERVAL, OUR_ARITHMETIC, interval_of, is_our_arithmetic
from evidence.domain import terms
from evidence.domain.citation import cite_vancouver, title_of, year_of
from evidence.domain.entries import EvidenceBase, Source
from evidence.domain.oddity import place_of
from evidence.domain.parts import Result
from evidence.domain.plausibility import oddities_of_source
from evidence.domain.terms import STUDIES, EntryKind

__all__ = ["SourceView", "chart_of", "present_source", "present_source_of"]

NOTHING_TO_GRADE = "Not graded: there is nothing to grade."
NOT_YET_GRADED = "Not graded yet: it supports a rule weakly at most."


@dataclass(frozen=True)
class Link:
    """An address outside; the page loads nothing from it."""

    label: str
    url: str


@dataclass(frozen=True)
class NumberRow:
    """One result as a row of the table; blank cells say so in the template."""

    measure: str
    arm: str
    timepoint: str
    value: str
    counts: str
    interval: str
    p: str
    note: str
    analyzed: str = ""
    odd: tuple[str, ...] = ()


@dataclass(frozen=True)
class CertaintyReasonView:
    """One domain of certainty with its judgment, in words."""

    domain: str
    judgment: str
    why: str


@dataclass(frozen=True)
class SourceView:
    """A source with everything that a page or a drawer says of it.

    withdrawn: as what it was withdrawn, in words; blank where it counts.
    """

    source: Source
    label: str
    title: str
    kind: str
    year: str
    people: str
    url: str
    citation: str
    certainty: str
    verified: str
    withdrawn: str

    @property
    def is_retracted(self) -> bool:
        """Whether it supports nothing any more, however it was withdrawn."""
        return bool(self.withdrawn)

    @cached_property
    def chart(self) -> Chart:
        """Its numbers drawn; made when a page shows it, which a list does not."""
        return chart_of(self.source)

    @cached_property
    def numbers(self) -> tuple[NumberRow, ...]:
        """Its numbers as rows of a table."""
        return number_rows(self.source)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Where it can be read."""
        return tuple(_links(self.source))

    @property
    def design(self) -> str:
        """Kind, year and size in one line."""
        return " · ".join(part for part in (self.kind, self.year, self.people) if part)

    @property
    def bears_on(self) -> list[str]:
        """The questions that it helps to answer, in words."""
        return [one.label for one in self.source.bears_on]

    @property
    def certainty_reasons(self) -> list[CertaintyReasonView]:
        """What lowers or raises its certainty, in the order given."""
        return [
            CertaintyReasonView(
                domain=one.domain.label,
                judgment=one.judgment.label,
                why=one.why,
            )
            for one in self.source.certainty_reasons
        ]

    @property
    def why_not_graded(self) -> str:
        """Why there is no certainty: a study waits for one, other kinds may have none."""
        return NOT_YET_GRADED if self.source.kind in STUDIES else NOTHING_TO_GRADE

    @property
    def includes_tms_responders(self) -> str:
        """Whether it studied people whom TMS had helped; blank where nobody has said."""
        value = self.source.includes_tms_responders
        return value.label if value else ""

    @property
    def checked_at(self) -> list[Link]:
        """Where the copies were seen; only web addresses become links."""
        return [Link(place, place if _is_web(place) else "") for place in self.source.checked_at]


def present_source_of(key: str, evidence: EvidenceBase) -> SourceView:
    """The source of this key in a release, with how it was withdrawn there."""
    return present_source(evidence.source(key), withdrawn=_withdrawn_as(key, evidence))


def _withdrawn_as(key: str, evidence: EvidenceBase) -> str:
    if not evidence.is_retracted(key):
        return ""
    withdrawal = evidence.withdrawal(EntryKind.SOURCE, key)
    known = withdrawal.withdrawn_as if withdrawal else terms.WithdrawnAs.RETRACTED
    return known.label


def present_source(source: Source, *, withdrawn: str = "") -> SourceView:
    """A source in words, links, a table and a drawing. How it was withdrawn is no part of it."""
    return SourceView(
        source=source,
        label=source.label,
        title=title_of(source),
        kind=source.kind.label,
        year=year_of(source),
        people=_people(source.n),
        url=reverse("evidence:source", args=[source.key]),
        citation=cite_vancouver(source, withdrawn=withdrawn),
        certainty=source.certainty.value if source.certainty else "",
        verified=source.verified.value,
        withdrawn=withdrawn,
    )


def _people(number: int | None) -> str:
    match number:
        case None:
            return ""
        case 1:
            return "1 person"
        case _:
            return f"{number:,} people"


def _links(source: Source) -> Iterable[Link]:
    if source.doi:
        yield Link(f"doi:{source.doi}", f"https://doi.org/{source.doi}")
    if source.pmid:
        yield Link(f"PubMed {source.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/")
    if source.pmcid:
        pmc = f"https://pmc.ncbi.nlm.nih.gov/articles/{source.pmcid}/"
        yield Link(f"Full text {source.pmcid}", pmc)
    if source.url and _is_web(source.url):
        yield Link("The copy that was read", source.url)


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://")) and " " not in address


# The table of numbers


def number_rows(source: Source) -> tuple[NumberRow, ...]:
    """The numbers of a source in words, each with what is odd about it, in order."""
    odd: dict[str, list[str]] = {}
    for oddity in oddities_of_source(source):
        odd.setdefault(oddity.place, []).append(oddity.sentence)
    return tuple(_number_row(one, odd=tuple(odd.get(place_of(one), ()))) for one in source.results)


def _number_row(result: Result, *, odd: tuple[str, ...]) -> NumberRow:
    counted = result.events is not None and result.total is not None
    return NumberRow(
        measure=result.measure,
        arm=result.arm or "",
        timepoint=result.timepoint or "",
        value=_value(result),
        counts=f"{result.events} of {result.total}" if counted else "",
        interval=_interval(result),
        p=result.p or "",
        note=result.note or "",
        analyzed="" if result.n is None else f"{result.n:,} analyzed",
        odd=odd,
    )


def _value(result: Result) -> str:
    unit = result.unit or ""
    if result.value is not None:
        spread = f" (SD {result.sd:g})" if result.sd is not None else ""
        return f"{result.value:g} {unit}".strip() + spread
    if result.value_low is not None and result.value_high is not None:
        return f"{result.value_low:g} to {result.value_high:g} {unit}".strip()
    return f"{result.value_text or ''} {unit}".strip() if result.value_text else ""


def _interval(result: Result) -> str:
    interval = interval_of(result)
    if interval is None:
        return NO_INTERVAL if result.value is not None else ""
    low, high = interval
    if is_our_arithmetic(result):
        return f"{low:.0f} to {high:.0f} ({OUR_ARITHMETIC})"
    return f"{low:g} to {high:g}"
