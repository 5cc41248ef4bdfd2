"""A number of a source as Evidence: as printed, with its doubts, and no number of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from evidence.domain.entries import Source
from evidence.domain.oddity import place_of
from evidence.domain.parts import CertaintyReason, Result
from evidence.domain.terms import Certainty, CertaintyDomain, Judgment
from evidence.fhir.citations import status_notes
from evidence.fhir.parts import (
    Part,
    Resource,
    citation_of,
    filled,
    id_of,
    note,
    number,
    of_hl7,
    quantity,
    status_of,
    term,
)
from evidence.fhir.published import Published
from evidence.presenters.source import NumberRow, number_rows

RATING: Final[Mapping[Certainty, str]] = MappingProxyType(
    {
        Certainty.HIGH: "high",
        Certainty.MODERATE: "moderate",
        Certainty.LOW: "low",
        Certainty.VERY_LOW: "very-low",
    }
)
DOMAIN: Final[Mapping[CertaintyDomain, str]] = MappingProxyType(
    {
        CertaintyDomain.RISK_OF_BIAS: "RiskOfBias",
        CertaintyDomain.INCONSISTENCY: "Inconsistency",
        CertaintyDomain.INDIRECTNESS: "Indirectness",
        CertaintyDomain.IMPRECISION: "Imprecision",
        CertaintyDomain.PUBLICATION_BIAS: "PublicationBias",
        CertaintyDomain.LARGE_EFFECT: "LargeEffect",
        CertaintyDomain.DOSE_RESPONSE: "DoseResponseGradient",
        CertaintyDomain.CONFOUNDING: "PlausibleConfounding",
    }
)
CONCERN: Final[Mapping[Judgment, str]] = MappingProxyType(
    {
        Judgment.NOT_SERIOUS: "no-concern",
        Judgment.SERIOUS: "serious-concern",
        Judgment.VERY_SERIOUS: "very-serious-concern",
        Judgment.RAISES: "present",
    }
)
"""Our terms in HL7's words of certainty (GRADE)."""

INTERVAL, P_VALUE, SPREAD, RANGE = "C53324", "C44185", "C53322", "C38013"
"""Codes of HL7's attribute-estimate-type."""

LEVEL_OF_INTERVALS = 0.95
"""The evidence keeps intervals of 95% only."""

PRINTED_P = re.compile(r"(?P<sign>[<>]=?)?\s*(?P<number>0?\.\d+|1)")


def evidence_of(published: Published, source: Source) -> Iterator[Resource]:
    """One Evidence for each number, in order; its id is the key of the source and its place."""
    rows = number_rows(source)
    for place, (result, row) in enumerate(zip(source.results, rows, strict=True), start=1):
        yield _evidence(published, source, str(place), result, row)


def _evidence(
    published: Published, source: Source, place: str, result: Result, row: NumberRow
) -> Resource:
    evidence, name = published.evidence, id_of(source.key, place)
    derived = {"type": "derived-from", "resourceReference": citation_of(evidence, source.key)}
    return filled(
        resourceType="Evidence",
        id=name,
        url=f"{published.base}/Evidence/{name}",
        version=evidence.release,
        status=status_of(is_withdrawn=evidence.is_retracted(source.key)),
        date=published.day,
        title=f"{source.label}: {place_of(result)}",
        description=_said(result, row),
        relatedArtifact=[derived],
        note=[
            *note("How far the source was read", source.verified.label),
            *status_notes(published, source),
            *note("Valid until", source.valid_until),
        ],
        variableDefinition=list(_variables(source, result)),
        studyDesign=[term("source-kind", source.kind)],
        statistic=[_statistic(result, row)],
        certainty=_certainty(source),
    )


def _said(result: Result, row: NumberRow) -> str:
    found = ", ".join(filter(None, (row.value, row.counts)))
    return f"{place_of(result)}: {found}" if found else place_of(result)


def _variables(source: Source, result: Result) -> Iterator[Part]:
    for role, described in (
        ("population", source.population),
        ("exposure", source.intervention),
        ("referenceExposure", source.comparator),
        ("measuredVariable", result.measure),
    ):
        if described:
            yield {"variableRole": of_hl7("variable-role", role), "description": described}


def _statistic(result: Result, row: NumberRow) -> Part:
    return filled(
        description=_said(result, row),
        note=[
            *note("As printed", result.value_text),
            *note("Unit", None if _has_number(result) else result.unit),
            *note("Note", result.note),
            *(one for odd in row.odd for one in note("Odd as printed", odd)),
        ],
        quantity=quantity(result.value, result.unit),
        numberAffected=result.events,
        sampleSize=filled(numberOfParticipants=result.total, knownDataCount=result.n),
        attributeEstimate=list(_estimates(result)),
    )


def _has_number(result: Result) -> bool:
    """Whether a number carries the unit."""
    return any(one is not None for one in (result.value, result.value_low, result.ci_low))


def _estimates(result: Result) -> Iterator[Part]:
    if result.ci_low is not None and result.ci_high is not None:
        level = {"level": LEVEL_OF_INTERVALS}
        yield {**_range(INTERVAL, result.ci_low, result.ci_high, result.unit), **level}
    if result.value_low is not None and result.value_high is not None:
        yield _range(RANGE, result.value_low, result.value_high, result.unit)
    if result.sd is not None:
        yield {"type": _type(SPREAD), "quantity": quantity(result.sd, result.unit)}
    if result.p:
        printed = _p_as_number(result.p)
        yield filled(type=_type(P_VALUE), description=f"p {result.p}", quantity=printed)


def _range(code: str, low: float, high: float, unit: str | None) -> Part:
    ends = {"low": quantity(low, unit), "high": quantity(high, unit)}
    return {"type": _type(code), "range": ends}


def _type(code: str) -> Part:
    return of_hl7("attribute-estimate-type", code)


def _p_as_number(printed: str) -> Part:
    """A p value that is nothing but a number; nothing where it says more, such as "nominal"."""
    match = PRINTED_P.fullmatch(printed.strip())
    if match is None:
        return {}
    return filled(value=number(float(match["number"])), comparator=match["sign"])


def _certainty(source: Source) -> list[Part]:
    """That of the source as a whole; none where it was not graded."""
    if source.certainty is None:
        return []
    rated = filled(
        type=of_hl7("certainty-type", "Overall"),
        rating=of_hl7("certainty-rating", RATING[source.certainty]),
        description=source.certainty_why,
        note=note("Rated", "the source as a whole"),
        subcomponent=[_reason(one) for one in source.certainty_reasons],
    )
    return [rated]


def _reason(one: CertaintyReason) -> Part:
    return {
        "type": of_hl7("certainty-type", DOMAIN[one.domain]),
        "rating": of_hl7("certainty-rating", CONCERN[one.judgment]),
        "description": one.why,
    }
