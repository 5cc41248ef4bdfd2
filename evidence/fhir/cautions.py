"""A caution as a ClinicalUseDefinition, with its reason, its sources and how far it was read."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.domain import terms
from evidence.domain.entries import Caution
from evidence.domain.terms import AppliesTo, EntryKind, Strength
from evidence.fhir.parts import (
    Part,
    Resource,
    citation_of,
    coded,
    extension,
    filled,
    id_of,
    status_of,
    term,
)
from evidence.fhir.published import Published

RELATED = "http://hl7.org/fhir/StructureDefinition/artifact-relatedArtifact"
"""HL7's extension: R5 gives this resource no place for its sources."""


def clinical_use(published: Published, caution: Caution) -> Resource:
    """A contraindication or an interaction as such, all else as a warning."""
    withdrawal = published.evidence.withdrawal(EntryKind.CAUTION, caution.key)
    status = status_of(is_withdrawn=withdrawal is not None)
    system = "http://hl7.org/fhir/publication-status"
    kind = _kind(caution)
    return filled(
        resourceType="ClinicalUseDefinition",
        id=id_of(caution.key),
        type=kind,
        status={"coding": [{"system": system, "code": status}]},
        category=[_strength(caution), term("verified", caution.verified)],
        subject=[{"display": one} for one in _treatments(caution)],
        extension=list(_extensions(published, caution)),
        **{kind: _FORMS[kind](caution)},
    )


def _kind(caution: Caution) -> str:
    if caution.strength in (Strength.CONTRAINDICATION, Strength.INTERACTION):
        return caution.strength
    return "warning"


def _strength(caution: Caution) -> Part:
    if caution.strength not in terms.Strength.values():
        return {"text": caution.strength}
    known = terms.Strength(caution.strength)
    return coded("strength", known.value, known.label)


def _treatments(caution: Caution) -> tuple[str, ...]:
    """What it is about, in words. Both at once are two."""
    match caution.applies_to:
        case AppliesTo.BOTH:
            return (AppliesTo.KETAMINE.label, AppliesTo.TMS.label)
        case known if known in AppliesTo.values():
            return (AppliesTo(known).label,)
        case other:
            return (other,)


def _contraindication(caution: Caution) -> Part:
    return {"diseaseSymptomProcedure": {"concept": {"text": caution.condition}}}


def _interaction(caution: Caution) -> Part:
    """Whether it is a medicine or something else that acts together is not told apart."""
    return {"interactant": [{"itemCodeableConcept": {"text": caution.condition}}]}


def _warning(caution: Caution) -> Part:
    return {"code": {"text": caution.condition}, "description": caution.why}


_FORMS = {
    "contraindication": _contraindication,
    "interaction": _interaction,
    "warning": _warning,
}


def _extensions(published: Published, caution: Caution) -> Iterator[Part]:
    evidence = published.evidence
    if _kind(caution) != "warning":  # R5 has a place for the reason of a warning alone
        yield extension("why", valueMarkdown=caution.why)
    if caution.valid_until:
        yield extension("valid-until", valueDate=caution.valid_until.isoformat())
    if withdrawal := evidence.withdrawal(EntryKind.CAUTION, caution.key):
        how = {**term("withdrawn-as", withdrawal.withdrawn_as)}
        how["text"] = f"{withdrawal.reason} ({withdrawal.on.isoformat()})"
        yield extension("withdrawn", valueCodeableConcept=how)
    for key in caution.sources:
        related = {"type": "derived-from", "resourceReference": citation_of(evidence, key)}
        yield {"url": RELATED, "valueRelatedArtifact": related}
