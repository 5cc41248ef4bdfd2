"""What is served: kinds of resources with their search parameters. The capability is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evidence.fhir.assessments import claim_assessment, position_assessment
from evidence.fhir.beside import ALSO_SERVED
from evidence.fhir.cautions import clinical_use
from evidence.fhir.citations import citation
from evidence.fhir.parts import Part, Resource
from evidence.fhir.published import Published
from evidence.fhir.results import evidence_of


class ParameterType(StrEnum):
    """How a parameter is compared."""

    TOKEN = "token"  # noqa: S105, a kind of search parameter
    STRING = "string"
    REFERENCE = "reference"
    URI = "uri"


@dataclass(frozen=True)
class Parameter:
    """A search parameter. values: what of a resource it is compared with; a token as (system,
    code), all else as text."""

    name: str
    type: ParameterType
    about: str
    values: Callable[[Resource], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Served:
    """A kind of resource. make: all of them. of_release: whether they are a part of a release."""

    kind: str
    about: str
    make: Callable[[Published], Iterable[Resource]]
    parameters: tuple[Parameter, ...]
    of_release: bool = True


_own: dict[str, Served] = {}
"""What the evidence serves by itself, by kind."""


def served() -> dict[str, Served]:
    """All that is served, by kind: of the evidence first, then what other parts serve beside it."""
    beside = (teller() for teller in ALSO_SERVED.tellers)
    return _own | {one.kind: one for one in beside}


def _serve(one: Served) -> None:
    _own[one.kind] = one


def field(name: str) -> Callable[[Resource], Iterator[tuple[str, str]]]:
    """The text of a field."""

    def values(resource: Resource) -> Iterator[tuple[str, str]]:
        if name in resource:
            yield "", str(resource[name])

    return values


def codings(concept: Part) -> Iterator[tuple[str, str]]:
    """The codes of a concept."""
    for one in concept.get("coding", []):
        yield one["system"], one["code"]


def identifiers(resource: Resource) -> Iterator[tuple[str, str]]:
    """The identifiers of the work that is cited."""
    for one in resource["citedArtifact"].get("identifier", []):
        yield one["system"], one["value"]


def classifiers(resource: Resource) -> Iterator[tuple[str, str]]:
    """Every code by which a source is classified."""
    for of in (resource, resource["citedArtifact"]):
        for one in of.get("classification", []):
            for concept in one["classifier"]:
                yield from codings(concept)


def content_classifiers(resource: Resource) -> Iterator[tuple[str, str]]:
    """Every code of an assessment: stance, line, treatment, status of a claim."""
    for content in resource["content"]:
        for concept in content.get("classifier", []):
            yield from codings(concept)


def derived_from(resource: Resource) -> Iterator[tuple[str, str]]:
    """The source of a number."""
    for one in resource["relatedArtifact"]:
        yield "", one["resourceReference"]["reference"]


def artifact(resource: Resource) -> Iterator[tuple[str, str]]:
    """The work that is assessed."""
    yield "", resource["artifactReference"]["reference"]


def concept(name: str) -> Callable[[Resource], Iterator[tuple[str, str]]]:
    """The codes of a field that is one concept or several."""

    def values(resource: Resource) -> Iterator[tuple[str, str]]:
        found: Any = resource.get(name, [])
        for one in found if isinstance(found, list) else [found]:
            yield from codings(one)

    return values


TOKEN, STRING = ParameterType.TOKEN, ParameterType.STRING
REFERENCE, URI = ParameterType.REFERENCE, ParameterType.URI

ID = Parameter("_id", TOKEN, "The id.", field("id"))
STATUS = Parameter("status", TOKEN, "active; retired: it no longer counts.", field("status"))
TITLE = Parameter(
    "title", STRING, "How the title begins; title:contains takes a part of it.", field("title")
)
URL = Parameter("url", URI, "The address of the resource.", field("url"))

_serve(
    Served(
        kind="Citation",
        about="A source: a study, guideline, label or page, with how far it was read.",
        make=lambda of: (citation(of, one) for one in of.evidence.sources),
        parameters=(
            ID,
            STATUS,
            TITLE,
            URL,
            Parameter("identifier", TOKEN, "DOI, PubMed or PubMed Central id.", identifiers),
            Parameter(
                "classifier",
                TOKEN,
                "How far it was read, its kind, certainty, and what it bears on.",
                classifiers,
            ),
        ),
    )
)
_serve(
    Served(
        kind="Evidence",
        about="A number as its source prints it.",
        make=lambda of: (found for one in of.evidence.sources for found in evidence_of(of, one)),
        parameters=(
            ID,
            STATUS,
            TITLE,
            URL,
            Parameter("derived-from", REFERENCE, "The Citation of its source.", derived_from),
        ),
    )
)
_serve(
    Served(
        kind="ArtifactAssessment",
        about="What a guideline says of a treatment; a published claim beside its sources.",
        make=lambda of: (
            *(position_assessment(of, one) for one in of.evidence.positions),
            *(claim_assessment(of, one) for one in of.evidence.claims),
        ),
        parameters=(
            ID,
            TITLE,
            Parameter("artifact", REFERENCE, "The Citation that it speaks of.", artifact),
            Parameter(
                "classifier",
                TOKEN,
                "Stance, line, treatment, status of a claim, how far it was read.",
                content_classifiers,
            ),
        ),
    )
)
_serve(
    Served(
        kind="ClinicalUseDefinition",
        about="A contraindication, interaction or warning with its sources.",
        make=lambda of: (clinical_use(of, one) for one in of.evidence.cautions),
        parameters=(
            ID,
            Parameter("type", TOKEN, "contraindication, interaction or warning.", field("type")),
            Parameter("status", TOKEN, STATUS.about, concept("status")),
            Parameter(
                "category", TOKEN, "How strong it is, and how far it was read.", concept("category")
            ),
        ),
    )
)
