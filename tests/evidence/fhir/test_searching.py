"""Searches of the evidence by programs: what fits, pages, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import QueryDict

from evidence.fhir.registry import served
from evidence.fhir.searching import MOST_OF_A_PAGE, found
from evidence.loading import load_dossier
from kapnet.core.web.fhir_answers import FhirRefused
from tests.collecting import for_each
from tests.evidence.fhir.published_dossier import SITE, whole

SOURCES = load_dossier().sources
VERIFIED = "https://kapnet.example/fhir/CodeSystem/verified"
UNREAD = [one.key for one in SOURCES if one.verified == "unverified"]
CANMAT = [one.id for one in load_dossier().positions if one.guideline == "lam-2024-canmat"]
SHANOK = next(one for one in SOURCES if one.key == "shanok-2024")


def search(kind: str, query: str) -> dict[str, Any]:
    return found(whole(), served()[kind], QueryDict(query))


def ids(bundle: dict[str, Any]) -> list[str]:
    return [one["resource"]["id"] for one in bundle["entry"]]


@for_each(
    ("kind", "query", "expected"),
    [
        ("Citation", "_id=abbar-2022", ["abbar-2022"]),
        ("Citation", "_id=abbar-2022,zis-2020", ["abbar-2022", "zis-2020"]),
        ("Citation", "_id=abbar-2022&_id=zis-2020", []),
        ("Citation", "identifier=https://doi.org|10.1136/bmj-2021-067194", ["abbar-2022"]),
        ("Citation", "identifier=10.1136/bmj-2021-067194", ["abbar-2022"]),
        ("Citation", "identifier=https://pubmed.ncbi.nlm.nih.gov|10.1136/bmj-2021-067194", []),
        ("Citation", f"classifier={VERIFIED}|unverified", UNREAD),
        ("Citation", f"classifier={VERIFIED}|unverified&_id={UNREAD[0]}", UNREAD[:1]),
        ("Citation", "title=abbar", ["abbar-2022"]),
        ("Citation", "title=bbar", []),
        ("Citation", "title:contains=BBAR", ["abbar-2022"]),
        ("Citation", f"url={SITE}/fhir/r5/Citation/abbar-2022", ["abbar-2022"]),
        ("Citation", "status=retired", ["artms-vs-esketamine-2023", "rtms-vs-esketamine-pooled"]),
        ("Citation", "_id=", []),
        (
            "Evidence",
            "derived-from=Citation/shanok-2024",
            [f"shanok-2024.{n + 1}" for n in range(len(SHANOK.results))],
        ),
        ("Evidence", "derived-from=Citation/nobody", []),
        (
            "ArtifactAssessment",
            "artifact=lam-2024-canmat",
            [f"position.{one}" for one in CANMAT],
        ),
        ("ClinicalUseDefinition", "type=contraindication&status=retired", []),
        ("PlanDefinition", "version=2026.1", ["edition-2026.1"]),
    ],
)
def test_what_fits(kind: str, query: str, expected: list[str]) -> None:
    assert ids(search(kind, query)) == expected


@for_each(
    ("query", "status", "word"),
    [
        ("colour=red", 400, "cannot be searched"),
        ("_id:contains=abbar", 400, "cannot be searched"),
        ("_include=Citation:x", 400, "cannot be searched"),
        ("_count=-1", 400, "_count"),
        ("_count=many", 400, "_count"),
        ("page=2", 410, "Search again"),
        ("page=abc-50", 410, "Search again"),
        (f"page={whole().state}-x", 410, "Search again"),
    ],
)
def test_what_is_refused(query: str, status: int, word: str) -> None:
    with pytest.raises(FhirRefused) as refused:
        search("Citation", query)

    assert (refused.value.status, word in refused.value.diagnostics) == (status, True)


def test_refusal_repeats_nothing_that_was_asked_for() -> None:
    with pytest.raises(FhirRefused) as refused:
        search("Citation", "<script>=1")

    assert "script" not in refused.value.diagnostics


def test_pages_hold_each_source_once() -> None:
    seen, query = [], "_count=40&status=active,retired"
    while query:
        bundle = search("Citation", query)
        seen += ids(bundle)
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        query = links.get("next", "").partition("?")[2]

    assert bundle["total"] == len(SOURCES)
    assert seen == [one.key for one in SOURCES]


def test_page_has_a_longest_length_and_a_shortest() -> None:
    assert len(ids(search("Citation", "_count=1000"))) == MOST_OF_A_PAGE
    none = search("Citation", "_count=0")
    assert (none["entry"], none["total"]) == ([], len(SOURCES))
    assert [one["relation"] for one in none["link"]] == ["self"]


def test_every_parameter_that_is_named_finds_something() -> None:
    """With the first value that a resource has for it."""
    for each in served().values():
        for parameter in each.parameters:
            resources = whole().resources[each.kind].values()
            value = next(v for one in resources for _, v in parameter.values(one))
            query = QueryDict(mutable=True)
            query[parameter.name] = value.replace(",", "\\,")
            bundle = found(whole(), each, query)
            assert bundle["total"], (each.kind, parameter.name)
            assert json.dumps(bundle)
