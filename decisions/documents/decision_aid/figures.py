"""The patient's sheet beside the evidence: what carries each number, and what stops its printing.

A number is given only where its source prints it, and a figure only where it is the rounded result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from decisions.documents.decision_aid.sheet import Arm, Difference, Figure, Line, Sheet
from decisions.rules.logic.values import Frozen
from evidence.domain.entries import EvidenceBase
from evidence.domain.parts import Result
from evidence.domain.terms import Certainty, EntryKind
from evidence.guide.model import (
    Sentence,
    numbers_in,
    result_of,
    sources_of,
    unsupported_numbers,
)

DENOMINATORS = frozenset({"100", "1000"})
"""Numbers that count nobody: people are counted out of them."""

UNITS = {"percent": 100, "percent of patients": 100, "percentage points": 100}
"""Units of results, and of how many people they count. "per 1,000 patients" names its own."""

PER_THOUSAND = "per 1,000 patients"


class Block(Frozen):
    """One reason against printing. what: overdue, withdrawn, outdated; of: which source, or how."""

    what: str
    of: str = ""


def keys_of(statement: Line | Figure, evidence: EvidenceBase) -> tuple[str, ...]:
    """The sources behind a line or a figure; those of a caution after a line's own."""
    if isinstance(statement, Figure):
        return tuple(key for key in statement.sources if evidence.has_source(key))
    if not statement.sources and not statement.cautions:
        return ()
    return sources_of(_sentence(statement), evidence)


def _sentence(line: Line) -> Sentence:
    return Sentence(say=line.say, sources=line.sources, cautions=line.cautions)


# What is wrong with the sheet itself


def problems_of_sheet(sheet: Sheet, evidence: EvidenceBase) -> Iterator[str]:
    """What is wrong with a sheet beside this evidence, each as a sentence."""
    for statement in sheet.statements():
        if isinstance(statement, Figure):
            yield from _problems_of_figure(statement, evidence)
        else:
            yield from _problems_of_line(statement, evidence)


def _problems_of_line(line: Line, evidence: EvidenceBase) -> Iterator[str]:
    named = [(EntryKind.SOURCE, key) for key in line.sources]
    named += [(EntryKind.CAUTION, key) for key in line.cautions]
    for kind, key in named:
        if evidence.entry(kind, key) is None:
            yield f"there is no {kind.value} {key}"
    numbers = unsupported_numbers(_sentence(line), evidence) if named else numbers_in(line.say)
    if odd := numbers - DENOMINATORS:
        yield f"{', '.join(sorted(odd))} is in no source of “{line.say}”"


def _problems_of_figure(figure: Figure, evidence: EvidenceBase) -> Iterator[str]:
    for arm in figure.arms:
        result = result_of(arm.result, evidence)
        if result is None:
            yield f"{figure.id}: {arm.result.source} has not one such result as “{arm.name}”"
        else:
            yield from (f"{figure.id}, “{arm.name}”: {one}" for one in _odd(arm, figure, result))
    if figure.difference:
        yield from _problems_of_difference(figure.difference, figure, evidence)
    if any(_is_surer(figure, key, evidence) for key in keys_of(figure, evidence)):
        yield f"{figure.id}: it is given as more certain than its source"
    texts = (figure.who, figure.when, figure.got, figure.did_not, *(a.name for a in figure.arms))
    told = Sentence(say=" ".join(texts), sources=figure.sources)
    if odd := unsupported_numbers(told, evidence) - DENOMINATORS:
        yield f"{figure.id}: {', '.join(sorted(odd))} is in none of its sources"


def _is_surer(figure: Figure, key: str, evidence: EvidenceBase) -> bool:
    """Whether a figure claims more certainty than its source has."""
    graded = evidence.source(key).certainty
    surest_first = list(Certainty)
    return figure.certainty is not None and (
        graded is None or surest_first.index(figure.certainty) < surest_first.index(graded)
    )


def _odd(arm: Arm, figure: Figure, result: Result) -> Iterator[str]:
    base = people_in(result.unit)
    if base is None:
        yield f"its unit is {result.unit}, which counts nobody"
        return
    spread = (result.value_low, result.value_high)
    low, high = spread if arm.up_to is not None else (result.value, None)
    pairs = (
        (arm.of, low),
        (arm.up_to, high),
        (arm.low, result.ci_low),
        (arm.high, result.ci_high),
    )
    for said, found in pairs:
        if said != _rounded(found, figure.per / base):
            yield f"the sheet says {said}, its source {found}"
    if arm.counts is not None and arm.counts != (result.events, result.total):
        yield f"the sheet counts {arm.counts}, its source {result.events} of {result.total}"


def _problems_of_difference(
    difference: Difference, figure: Figure, evidence: EvidenceBase
) -> Iterator[str]:
    result = result_of(difference.result, evidence)
    if result is None:
        yield f"{figure.id}: {difference.result.source} has not one such difference"
        return
    base = people_in(result.unit) or figure.per
    found = (result.value, result.ci_low, result.ci_high)
    said = (difference.more, difference.low, difference.high)
    if said != tuple(_rounded(one, figure.per / base) for one in found):
        yield f"{figure.id}: the sheet says {said}, its source {found}"


def people_in(unit: str | None) -> int | None:
    """Out of how many people a unit counts; None where it counts none."""
    return 1000 if unit == PER_THOUSAND else UNITS.get(unit or "")


def _rounded(value: float | None, times: float) -> int | None:
    """To whole people, halves upward."""
    return None if value is None else math.floor(value * times + 0.5)


# What stops printing


def blocks_of(sheet: Sheet, evidence: EvidenceBase, *, today: date) -> tuple[Block, ...]:
    """Why the sheet may not be printed with this evidence on this day; empty where it may."""
    overdue = (Block(what="overdue"),) if today > sheet.next_review else ()
    withdrawn = tuple(Block(what="withdrawn", of=one) for one in _withdrawn(sheet, evidence))
    outdated = tuple(
        Block(what="outdated", of=problem) for problem in problems_of_sheet(sheet, evidence)
    )
    return (*overdue, *withdrawn, *outdated)


def _withdrawn(sheet: Sheet, evidence: EvidenceBase) -> Iterator[str]:
    """Names of what the sheet cites and was withdrawn, each once."""
    keys = dict.fromkeys(key for one in sheet.statements() for key in keys_of(one, evidence))
    yield from (evidence.source(key).label for key in keys if evidence.is_retracted(key))
    cautions = dict.fromkeys(
        key for one in sheet.statements() if isinstance(one, Line) for key in one.cautions
    )
    for key in cautions:
        if evidence.withdrawal(EntryKind.CAUTION, key) is not None:
            caution = next(one for one in evidence.cautions if one.key == key)
            yield caution.condition
