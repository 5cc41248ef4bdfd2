"""A search among the resources of a release, in memory: parameters, pages, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import QueryDict

from evidence.fhir.parts import Part, Resource
from evidence.fhir.registry import Parameter, ParameterType, Served
from evidence.fhir.whole import Whole
from kapnet.core.web.fhir_answers import FhirRefused

MOST_OF_A_PAGE = 50
COUNT, PAGE, FORMAT = "_count", "page", "_format"
CONTAINS = ":contains"


def found(whole: Whole, served: Served, asked: QueryDict) -> Resource:
    """A page of what fits, as a Bundle. Raises FhirRefused for what cannot be asked."""
    resources = _fitting(whole, served, asked)
    count, first = _count(asked), _first(whole, asked)
    shown = resources[first : first + count]
    links = [_link(whole, served, asked, "self", first)]
    if shown and first + count < len(resources):
        links.append(_link(whole, served, asked, "next", first + count))
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "link": links,
        "entry": [{**whole.entry(one), "search": {"mode": "match"}} for one in shown],
    }


def _fitting(whole: Whole, served: Served, asked: QueryDict) -> list[Resource]:
    resources = list(whole.resources[served.kind].values())
    for name in asked:
        if name in (COUNT, PAGE, FORMAT):
            continue
        parameter, contains = _parameter(served, name)
        for given in asked.getlist(name):
            wanted = _choices(given)
            resources = [
                one
                for one in resources
                if any(_fits(parameter, parameter.values(one), want, contains) for want in wanted)
            ]
    return resources


def _parameter(served: Served, name: str) -> tuple[Parameter, bool]:
    """The parameter of this name, and whether a part of its text is enough."""
    for one in served.parameters:
        if name == one.name:
            return one, False
        if one.type is ParameterType.STRING and name == one.name + CONTAINS:
            return one, True
    known = ", ".join(one.name for one in served.parameters)
    raise FhirRefused(
        400, "not-supported", f"{served.kind} cannot be searched by this parameter. Use {known}."
    )


def _choices(given: str) -> list[str]:
    """What a comma parts; one after a backslash belongs to the text."""
    kept = given.replace("\\,", "\0")
    return [one.replace("\0", ",") for one in kept.split(",") if one]


def _fits(
    parameter: Parameter, values: Iterable[tuple[str, str]], wanted: str, contains: bool
) -> bool:
    match parameter.type:
        case ParameterType.TOKEN:
            system, bar, code = wanted.rpartition("|")
            return any(
                (not code or code == value) and (not bar or system == of) for of, value in values
            )
        case ParameterType.STRING:
            text = wanted.casefold()
            return any(_in_text(text, value.casefold(), contains) for _, value in values)
        case ParameterType.REFERENCE:
            return any(wanted.rpartition("/")[2] == value.rpartition("/")[2] for _, value in values)
        case ParameterType.URI:
            return any(wanted == value for _, value in values)


def _in_text(text: str, value: str, contains: bool) -> bool:
    return text in value if contains else value.startswith(text)


def _count(asked: QueryDict) -> int:
    given = asked.get(COUNT, str(MOST_OF_A_PAGE))
    if not (given.isascii() and given.isdecimal()):
        raise FhirRefused(400, "value", "_count is a whole number from 0.")
    return min(int(given[:9]), MOST_OF_A_PAGE)


def _first(whole: Whole, asked: QueryDict) -> int:
    """Where a page begins. A page of a state that is past cannot be continued."""
    given = asked.get(PAGE)
    if given is None:
        return 0
    state, _, first = given.rpartition("-")
    if state != whole.state or not (first.isascii() and first.isdecimal()):
        raise FhirRefused(
            410, "expired", "The evidence has changed since this search. Search again."
        )
    return int(first[:9])


def _link(whole: Whole, served: Served, asked: QueryDict, relation: str, first: int) -> Part:
    """The address of a page, with what was asked for."""
    kept = [(name, one) for name in asked if name != PAGE for one in asked.getlist(name)]
    if first:
        kept.append((PAGE, f"{whole.state}-{first}"))
    query = f"?{urlencode(kept)}" if kept else ""
    return {"relation": relation, "url": f"{whole.published.base}/{served.kind}{query}"}
