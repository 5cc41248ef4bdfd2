"""Positions of guidelines and published claims, as assessments of the work that holds them."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.domain import terms
from evidence.domain.entries import Claim, Position, Withdrawal
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.fhir.parts import (
    Part,
    Resource,
    citation_of,
    coded,
    filled,
    id_of,
    quantity,
    term,
    withdrawn_as,
)
from evidence.fhir.published import Published
from evidence.presenters.position_words import treatment_in_words


def position_assessment(published: Published, position: Position) -> Resource:
    """What one body says of one treatment. Silence is told as silence, and not read as not read."""
    evidence = published.evidence
    is_withdrawn = evidence.is_position_withdrawn(position.id)
    treatment = treatment_in_words(position.treatment)
    return _assessment(
        published,
        name=id_of("position", position.id),
        title=f"{position.organisation}: {treatment}, {position.indication}",
        about=position.guideline,
        content=list(_of_position(position)),
        withdrawal=_withdrawal_of(published, position) if is_withdrawn else None,
        is_withdrawn=is_withdrawn,
    )


def claim_assessment(published: Published, claim: Claim) -> Resource:
    """A published sentence beside what the sources show."""
    evidence = published.evidence
    withdrawal = evidence.withdrawal(EntryKind.CLAIM, claim.id)
    return _assessment(
        published,
        name=id_of("claim", claim.id),
        title=claim.claim,
        about=claim.source,
        content=[
            _content("comment", "The claim as published", summary=claim.claim),
            _content(
                "classifier",
                "What the sources show",
                classifier=[term("claim-status", claim.status)],
                summary=claim.why,
                relatedArtifact=[
                    {"type": "derived-from", "resourceReference": citation_of(evidence, key)}
                    for key in claim.evidence
                ],
            ),
        ],
        withdrawal=withdrawal,
        is_withdrawn=withdrawal is not None,
    )


def _assessment(
    published: Published,
    *,
    name: str,
    title: str,
    about: str,
    content: list[Part],
    withdrawal: Withdrawal | None,
    is_withdrawn: bool,
) -> Resource:
    if is_withdrawn:
        content = [_no_longer_counts(withdrawal), *content]
    is_wrong = is_withdrawn and withdrawn_as(withdrawal) is WithdrawnAs.WRONG
    return filled(
        resourceType="ArtifactAssessment",
        id=name,
        title=title,
        date=published.day,
        artifactReference=citation_of(published.evidence, about),
        workflowStatus="entered-in-error" if is_wrong else "published",
        content=content,
    )


def _withdrawal_of(published: Published, position: Position) -> Withdrawal | None:
    """Its own, or that of its guideline, with which it falls."""
    evidence = published.evidence
    own = evidence.withdrawal(EntryKind.POSITION, position.id)
    return own or evidence.withdrawal(EntryKind.SOURCE, position.guideline)


def _no_longer_counts(withdrawal: Withdrawal | None) -> Part:
    how = term("withdrawn-as", withdrawn_as(withdrawal))
    reason = withdrawal.reason if withdrawal else None
    return _content("classifier", "No longer counts", classifier=[how], summary=reason)


def _content(kind: str, about: str, **fields: object) -> Part:
    return filled(informationType=kind, type={"text": about}, **fields)


def _of_position(position: Position) -> Iterator[Part]:
    yield _content(
        "classifier",
        "Stance",
        classifier=[term("stance", position.stance)],
        summary=position.statement,
        relatedArtifact=[_seen_at(place) for place in position.checked_at],
    )
    if position.line:
        line = term("line", position.line)
        yield _content("classifier", "Line", classifier=[line])
    yield _content("classifier", "Treatment", classifier=[_treatment(position)])
    indication = {"text": position.indication}
    yield _content("classifier", "Indication", classifier=[indication])
    body = filter(None, (position.organisation, str(position.year or "")))
    yield _content("comment", "Body", summary=", ".join(body))
    if position.level_of_evidence:
        level = {"text": position.level_of_evidence}
        yield _content("classifier", "Level of evidence as printed", classifier=[level])
    if position.grade is not None:
        about = "The guideline's own level as a number, 1 the best"
        yield _content("rating", about, quantity=quantity(position.grade))
    read = term("verified", position.verified)
    yield _content("classifier", "How far it was read", classifier=[read])


def _treatment(position: Position) -> Part:
    if position.treatment not in terms.Treatment.values():
        return {"text": position.treatment}
    known = terms.Treatment(position.treatment)
    return coded("treatment", known.value, known.label)


def _seen_at(place: str) -> Part:
    is_address = place.startswith(("https://", "http://")) and " " not in place
    return filled(
        type="documentation", display=place, document={"url": place} if is_address else {}
    )
