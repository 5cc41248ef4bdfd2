"""An edition as a PlanDefinition: each rule with its condition in words and what it rests on.

No machine executes it: a condition is a sentence, and the verdicts come from the engine alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from decisions.cases.decision.rule_in_words import condition_in_words
from decisions.documents.words.reading import result_words
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.result_words import effect_in_words
from decisions.rules.engine.rules import Effect, Rule
from decisions.rules.loading import CURRENT_EDITION, edition_ids, load_edition
from evidence.fhir.parts import (
    Part,
    Resource,
    citation_of,
    coded,
    extension,
    filled,
    id_of,
    of_hl7,
    status_of,
)
from evidence.fhir.published import Published
from evidence.fhir.registry import ID, STATUS, STRING, TOKEN, URL, Parameter, Served, field

ABOUT: Final = (
    "The published rules of this edition, to be read. Conditions are sentences and are not "
    "executed from here; the operation $decide answers for a patient."
)


def plan_definition(published: Published, edition: Edition) -> Resource:
    """All rules of an edition, in their order; retired where new cases are asked by another."""
    name = id_of(f"edition-{edition.id}")
    return filled(
        resourceType="PlanDefinition",
        id=name,
        url=f"{published.base}/PlanDefinition/{name}",
        identifier=[{"value": edition.sha256}],
        version=edition.id,
        title=f"Edition {edition.id}",
        type=of_hl7("plan-definition-type", "eca-rule"),
        status=status_of(is_withdrawn=edition.id != CURRENT_EDITION),
        description=ABOUT,
        action=[_action(published, edition, rule) for rule in edition.rules],
    )


def _action(published: Published, edition: Edition, rule: Rule) -> Part:
    words = condition_in_words(edition, rule.id)
    return filled(
        linkId=rule.id,
        title=effect_in_words(result_words(edition.id), rule),
        description=rule.because,
        code=coded("effect", rule.effect, rule.effect),
        priority="urgent" if rule.effect is Effect.URGENT else None,
        condition=[
            {
                "kind": "applicability",
                "expression": {"language": "text/plain", "expression": words},
            }
        ],
        documentation=list(_rests_on(published, rule)),
        extension=list(_extensions(rule)),
    )


def _extensions(rule: Rule) -> Iterator[Part]:
    for option in rule.options:
        yield extension("option", valueCode=option.value)
    if rule.strength:
        yield extension("strength", valueCode=rule.strength.value)
    if rule.bars:
        yield extension("bars", valueBoolean=True)
    if rule.basis:
        yield extension("basis", valueCode=rule.basis.value)


def _rests_on(published: Published, rule: Rule) -> Iterator[Part]:
    """Sources and positions that speak for it, then those that speak against it or limit it.

    One that the release does not hold is named by its key alone.
    """
    evidence = published.evidence
    for key in rule.evidence:
        yield {"type": "justification", "label": "speaks for it", **_source(published, key)}
    for key in rule.positions:
        named: Part = {"display": key}
        if evidence.has_position(key):
            reference = f"ArtifactAssessment/{id_of('position', key)}"
            named = {"resourceReference": {"reference": reference}}
        yield {"type": "justification", "label": "speaks for it", **named}
    for key in rule.counter:
        yield {"type": "comments-on", "label": "speaks against it", **_source(published, key)}


def _source(published: Published, key: str) -> Part:
    if not published.evidence.has_source(key):
        return {"display": key}
    return {"resourceReference": citation_of(published.evidence, key)}


def served_editions() -> Served:
    """What is served beside the evidence."""
    return Served(
        kind="PlanDefinition",
        about="An edition of the rules, to be read: it is not executed from here.",
        make=lambda of: (plan_definition(of, load_edition(one)) for one in edition_ids()),
        parameters=(
            ID,
            STATUS,
            URL,
            Parameter("version", TOKEN, "The edition, such as 2026.2.", field("version")),
            Parameter("title", STRING, "How the title begins.", field("title")),
        ),
        of_release=False,
    )
