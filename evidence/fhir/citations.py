"""A source as a Citation: what it is, how far it was read, and whether it still counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evidence.domain.entries import Source
from evidence.domain.oddity import place_of
from evidence.domain.plausibility import oddities_of_source
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.fhir.parts import (
    Part,
    Resource,
    citation_of,
    coded,
    filled,
    id_of,
    note,
    of_hl7,
    since,
    status_of,
    term,
    withdrawn_as,
)
from evidence.fhir.published import Notice, Published

DOI: Final = "https://doi.org"
PUBMED: Final = "https://pubmed.ncbi.nlm.nih.gov"
PMC: Final = "https://www.ncbi.nlm.nih.gov/pmc"
RELATION: Final = {"retracted": "retracted-by", "correction": "correction-in"}
"""How a notice is related to the work; any other one is a comment on it."""


def citation(published: Published, source: Source) -> Resource:
    """The Citation of a source, retired where it supports nothing any more."""
    key, evidence = source.key, published.evidence
    return filled(
        resourceType="Citation",
        id=id_of(key),
        url=f"{published.base}/{citation_of(evidence, key)['reference']}",
        version=evidence.release,
        status=status_of(is_withdrawn=evidence.is_retracted(key)),
        date=published.day,
        title=source.label,
        effectivePeriod=filled(end=source.valid_until and source.valid_until.isoformat()),
        classification=list(_read_as(source)),
        note=list(_notes(published, source)),
        statusDate=_withdrawn_since(published, key),
        citedArtifact=_work(published, source),
    )


def _read_as(source: Source) -> Iterator[Part]:
    yield _classified("How far it was read", [term("verified", source.verified)])
    if source.bears_on:
        about = [term("bears-on", one) for one in source.bears_on]
        yield _classified("What it bears on", about)
    if source.includes_tms_responders:
        whom = term("includes-tms-responders", source.includes_tms_responders)
        yield _classified("Includes people whom TMS helped", [whom])


def _classified(what: str, classifiers: list[Part]) -> Part:
    return {"type": {"text": what}, "classifier": classifiers}


def _notes(published: Published, source: Source) -> Iterator[Part]:
    yield from note("How far it was read", source.verified.label)
    yield from status_notes(published, source)
    yield from note("Population", source.population)
    yield from note("Number of people", None if source.n is None else str(source.n))
    yield from note("Intervention", source.intervention)
    yield from note("Comparator", source.comparator)
    yield from note("Findings", source.findings)
    yield from note("Adverse events", source.adverse_events)
    yield from note("Limitations", source.limitations)
    yield from note("Certainty", source.certainty.label if source.certainty else None)
    yield from note("Why this certainty", source.certainty_why)
    for one in source.certainty_reasons:
        yield from note(f"{one.domain.label}, {one.judgment.label.lower()}", one.why)
    yield from note("Note of the curators", source.note)
    places = {place_of(result) for result in source.results}
    for odd in oddities_of_source(source):
        if odd.place not in places:
            yield from note(f"Odd as printed, {odd.place}", odd.sentence)
    for doubt in source.doubts:
        yield from note("To be looked up", doubt)
    yield from note("Look at it again by", source.review_by)
    for place in source.checked_at:
        yield from note("Copy seen at", place)


def status_notes(published: Published, source: Source) -> Iterator[Part]:
    """That a source no longer counts, and what a check found. Its numbers say it, too."""
    withdrawal = published.evidence.withdrawal(EntryKind.SOURCE, source.key)
    if published.evidence.is_retracted(source.key):
        yield from note("No longer counts", withdrawn_as(withdrawal).label)
        yield from note("Why it no longer counts", withdrawal.reason if withdrawal else None)
    if found := published.notices.get(source.key):
        yield from note(f"Found by a check on {found.found_on.isoformat()}", found.words)


def _withdrawn_since(published: Published, key: str) -> list[Part]:
    withdrawal = published.evidence.withdrawal(EntryKind.SOURCE, key)
    if withdrawal is None:
        return []
    return [since(term("withdrawn-as", withdrawal.withdrawn_as), withdrawal.on)]


def _work(published: Published, source: Source) -> Part:
    """The work itself. A notice that nobody has decided on is named as such, too."""
    found = published.notices.get(source.key)
    return filled(
        identifier=list(_identifiers(source)),
        title=[{"text": source.title}] if source.title else [],
        currentState=_state(published, source.key, found),
        statusDate=_retracted_since(published, source.key),
        publicationForm=_published_in(source),
        webLocation=[{"url": source.url}] if _is_address(source.url) else [],
        classification=list(_kind(source, found)),
        contributorship=filled(summary=list(_contributed(source))),
        relatesTo=[_notice(found)] if found else [],
    )


def _identifiers(source: Source) -> Iterator[Part]:
    for system, value in ((DOI, source.doi), (PUBMED, source.pmid), (PMC, source.pmcid)):
        if value:
            yield {"system": system, "value": value}


def _state(published: Published, key: str, found: Notice | None) -> list[Part]:
    """That the work is retracted: withdrawn as that, or told of by a notice."""
    return [_RETRACTED] if _is_taken_back(published, key) or _is_told_of(found) else []


_RETRACTED: Final = of_hl7("cited-artifact-status-type", "retracted")


def _is_taken_back(published: Published, key: str) -> bool:
    withdrawal = published.evidence.withdrawal(EntryKind.SOURCE, key)
    is_withdrawn = published.evidence.is_retracted(key)
    return is_withdrawn and withdrawn_as(withdrawal) is WithdrawnAs.RETRACTED


def _is_told_of(found: Notice | None) -> bool:
    return found is not None and found.outcome == "retracted"


def _retracted_since(published: Published, key: str) -> list[Part]:
    """The day on which it was withdrawn here: that of the publisher is not kept."""
    withdrawal = published.evidence.withdrawal(EntryKind.SOURCE, key)
    if withdrawal is None or withdrawal.withdrawn_as is not WithdrawnAs.RETRACTED:
        return []
    return [since({**_RETRACTED, "text": "Withdrawn here as retracted"}, withdrawal.on)]


def _published_in(source: Source) -> list[Part]:
    form = filled(
        publishedIn=filled(title=source.journal),
        articleDate=source.year and str(source.year),
        volume=source.volume,
        issue=source.issue,
        pageString=source.pages,
    )
    return [form] if form else []


def _is_address(url: str | None) -> bool:
    return bool(url) and str(url).startswith(("https://", "http://")) and " " not in str(url)


def _kind(source: Source, found: Notice | None) -> Iterator[Part]:
    yield _classified("Kind", [term("source-kind", source.kind)])
    if source.certainty:
        rated = term("certainty", source.certainty)
        yield _classified("Certainty", [rated])
    if found:
        notice = coded("notice", found.outcome, found.label)
        yield _classified("Notice found, not decided on", [notice])


def _contributed(source: Source) -> Iterator[Part]:
    for code, value in (
        ("author-string", ", ".join(source.authors)),
        ("funding-statement", source.funding),
        ("competing-interests-statement", source.conflicts),
    ):
        if value:
            yield {"type": of_hl7("contributor-summary-type", code), "value": value}


def _notice(found: Notice) -> Part:
    document = filled(url=found.doi and f"{DOI}/{found.doi}")
    relation = RELATION.get(found.outcome, "comment-in")
    return filled(type=relation, display=found.words, document=document)
