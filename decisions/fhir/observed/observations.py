"""What every observation of another system has: a status that counts, a moment, a number."""

from __future__ import annotations

from decisions.fhir.observed.reading import Looking, Resource, When, mapping, word

COUNTS = frozenset({"final", "amended", "corrected"})


def observed_when(resource: Resource, looking: Looking) -> When | None:
    """The moment of an observation that counts; None for any other resource."""
    is_one = resource.get("resourceType") == "Observation"
    if not is_one or word(resource.get("status")) not in COUNTS or resource.get("dataAbsentReason"):
        return None
    return observed_on(resource, looking)


def observed_on(resource: Resource, looking: Looking) -> When | None:
    """The moment of an observation, whatever its status."""
    return looking.when(
        resource.get("effectiveDateTime"),
        resource.get("effectiveInstant"),
        mapping(resource.get("effectivePeriod")).get("start"),
    )


def whole_number(quantity: object) -> int | None:
    """The number of a quantity; None for a part of one, and for "less than" and its like."""
    said = mapping(quantity)
    return None if said.get("comparator") else as_whole(said.get("value"))


def as_whole(value: object) -> int | None:
    """A whole number, written as 17 or 17.0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_whole = isinstance(value, int) or value.is_integer()
    return int(value) if is_whole else None
