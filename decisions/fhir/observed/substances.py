"""Allergies and medicines, found by their names. What is not found was not denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from decisions.fhir.observed.codes import Allergy, Medicines
from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.reading import (
    Looking,
    Resource,
    mapping,
    name_of,
    objects,
    short,
    status_of,
    texts_of,
    word,
    words_in,
)
from decisions.rules.engine.medicine_list import MedicineList

YES = "yes"
NOT_SO = frozenset({"entered-in-error", "refuted"})
ORDERED = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})


def allergies_in(
    resources: Sequence[Resource], looking: Looking, allergies: Mapping[str, Allergy]
) -> Iterator[Proposed]:
    """The newest record that names the substance, of those that do not deny it."""
    for question, allergy in allergies.items():
        found: list[Proposed] = []
        for one in resources:
            said = _named_allergy(one, allergy)
            if not said or looking.is_to_come(one.get("recordedDate"), one.get("onsetDateTime")):
                continue
            when = looking.when(one.get("recordedDate"), one.get("onsetDateTime"))
            day = when.day if when else ""
            found.append(Proposed(question, YES, day, (name_of(one),), short(said), allergy.check))
        if found:
            yield max(found, key=lambda one: one.on)


def _named_allergy(one: Resource, allergy: Allergy) -> str:
    """The text that names the substance; empty where none does."""
    if one.get("resourceType") != "AllergyIntolerance":
        return ""
    is_over = status_of(one, "clinicalStatus") == "resolved"
    if is_over or status_of(one, "verificationStatus") in NOT_SO:
        return ""
    concepts = [one.get("code"), *(each.get("substance") for each in objects(one.get("reaction")))]
    texts = [text for concept in concepts for text in texts_of(concept)]
    if any(words_in(text, allergy.negations) for text in texts):
        return ""
    return next((text for text in texts if words_in(text, allergy.names)), "")


def medicines_in(
    theirs: Sequence[Resource],
    readable: Sequence[Resource],
    looking: Looking,
    asked: Medicines,
    listed: MedicineList,
) -> Iterator[Proposed]:
    """Of each value the newest record whose medicine is in a class that proposes it."""
    names = [name for name, _ in listed.names()]
    described = {name_of(one): one for one in readable if one.get("resourceType") == "Medication"}
    newest: dict[str, Proposed] = {}
    for one in theirs:
        if not _is_taken_now(one, looking):
            continue
        text = _medicine(one, described)
        day = when.day if (when := looking.when(*_days_of(one))) else ""
        for value in listed.proposed(words_in(text, names)).get(asked.question, {}):
            proposed = Proposed(
                asked.question, [value], day, (name_of(one),), short(text), asked.check, False
            )
            if value not in newest or newest[value].on < day:
                newest[value] = proposed
    yield from newest.values()


def _is_taken_now(one: Resource, looking: Looking) -> bool:
    """Whether a record says that it is taken; not that it was, or that somebody plans it."""
    kind, status = one.get("resourceType"), one.get("status")
    if status != "active" or looking.is_to_come(*_days_of(one)):
        return False
    if kind == "MedicationRequest":
        return word(one.get("intent")) in ORDERED and one.get("doNotPerform") is not True
    return kind == "MedicationStatement" and not _is_over(one, looking)


def _is_over(one: Resource, looking: Looking) -> bool:
    end = looking.when(mapping(one.get("effectivePeriod")).get("end"))
    return end is not None and end.day < looking.today.isoformat()[: len(end.day)]


def _days_of(one: Resource) -> tuple[object, ...]:
    return (
        one.get("effectiveDateTime"),
        mapping(one.get("effectivePeriod")).get("start"),
        one.get("dateAsserted"),
        one.get("authoredOn"),
    )


def _medicine(one: Resource, described: Mapping[str, Resource]) -> str:
    """How the medicine is named: here, in the resource within, or in one that came along."""
    concept = one.get("medicationCodeableConcept")
    if not concept:
        reference = word(mapping(one.get("medicationReference")).get("reference"))
        within = {f"#{word(each.get('id'))}": each for each in objects(one.get("contained"))}
        concept = (within.get(reference) or described.get(reference) or {}).get("code")
    return "; ".join(dict.fromkeys(texts_of(concept)))
