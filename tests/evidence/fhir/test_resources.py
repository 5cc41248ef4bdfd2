"""The evidence as R5: all of it is there, nothing is added, and nothing looks better than it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from evidence.domain.entries import Entry, Source
from evidence.domain.plausibility import oddities_of_source
from evidence.domain.release_content import name_of
from evidence.domain.terms import AppliesTo, EntryKind
from evidence.fhir.capability import capability
from evidence.fhir.citations import citation
from evidence.fhir.parts import LONGEST_ID, id_of, number
from evidence.fhir.published import Published
from evidence.fhir.registry import served
from evidence.fhir.results import evidence_of
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_result, make_source
from tests.evidence.fhir.judged import faults_in
from tests.evidence.fhir.published_dossier import (
    CORRECTED,
    DAY,
    RETRACTED,
    SITE,
    SUPERSEDED,
    WRONG,
    all_of,
    as_text,
    leaves,
    resource,
    whole,
    with_withdrawals,
)

LEVEL = 0.95
TREATMENTS = set(AppliesTo)
OF_HL7 = {
    "attribute-estimate-type": {"C53324", "C44185", "C53322", "C38013"},
    "certainty-rating": {
        "high",
        "moderate",
        "low",
        "very-low",
        "no-concern",
        "serious-concern",
        "very-serious-concern",
        "present",
    },
    "certainty-type": {
        "Overall",
        "RiskOfBias",
        "Inconsistency",
        "Indirectness",
        "Imprecision",
        "PublicationBias",
        "DoseResponseGradient",
        "PlausibleConfounding",
        "LargeEffect",
    },
    "cited-artifact-status-type": {"retracted"},
    "contributor-summary-type": {
        "author-string",
        "funding-statement",
        "competing-interests-statement",
    },
    "plan-definition-type": {"eca-rule"},
    "variable-role": {"population", "exposure", "referenceExposure", "measuredVariable"},
}
"""Codes of HL7 that may be used; as its value sets have them."""


def made_of(entry: Entry) -> list[dict[str, Any]]:
    """What an entry became."""
    made = whole().resources
    if isinstance(entry, Source):
        numbers = [id_of(entry.key, str(n + 1)) for n in range(len(entry.results))]
        return [made["Citation"][entry.key], *(made["Evidence"][one] for one in numbers)]
    name = name_of(entry)
    if name in made["ClinicalUseDefinition"]:
        return [made["ClinicalUseDefinition"][name]]
    kind = "position" if hasattr(entry, "stance") else "claim"
    return [made["ArtifactAssessment"][id_of(kind, name)]]


@for_each("kind", list(EntryKind))
def test_everything_of_an_entry_is_there(kind: EntryKind) -> None:
    left_out = [(name_of(entry), *left_out_of(entry)) for entry in load_dossier().entries(kind)]

    assert [one for one in left_out if len(one) > 1] == []


def left_out_of(entry: Entry) -> list[Any]:
    """What an entry says and its resources do not. A treatment is named in words alone."""
    resources = made_of(entry)
    text, numbers = as_text(*resources), set(leaves(resources))
    said = [one for one in leaves(entry.model_dump(mode="json")) if one not in TREATMENTS]
    return [one for one in said if not is_in(one, text, numbers)]


def is_in(leaf: Any, text: str, numbers: set[Any]) -> bool:
    if isinstance(leaf, int | float):
        return leaf in numbers or f"{leaf:g}" in text
    return json.dumps(leaf, ensure_ascii=False)[1:-1] in text


def test_no_number_is_added() -> None:
    added = [
        (one["id"], leaf)
        for source in load_dossier().sources
        for one in made_of(source)
        for leaf in leaves(one)
        if isinstance(leaf, int | float) and leaf not in (True, LEVEL)
        if leaf not in numbers_of(source)
    ]

    assert added == []


def numbers_of(source: Source) -> set[float]:
    found = {float(one) for one in leaves(source.model_dump()) if isinstance(one, int | float)}
    printed = [result.p or "" for result in source.results]
    return found | {float(one) for p in printed for one in re.findall(r"\d*\.?\d+", p)}


def test_nothing_looks_better_read_than_it_was() -> None:
    """Each says how far it was read itself, and a number how far its source was."""
    for source in load_dossier().sources:
        cited, *numbers = made_of(source)
        assert "verified" in as_text(cited["classification"])
        assert {"text": f"How far it was read: {source.verified.label}"} in cited["note"]
        for one in numbers:
            assert {"text": f"How far the source was read: {source.verified.label}"} in one["note"]
    for position in load_dossier().positions:
        assert read_as(position.verified) in as_text(*made_of(position))
    for caution in load_dossier().cautions:
        assert read_as(caution.verified) in as_text(*made_of(caution))


def read_as(verified: str) -> str:
    return f'CodeSystem/verified", "code": "{verified}"'


def test_odd_numbers_keep_their_doubt() -> None:
    odd = {
        source.key: oddities_of_source(source)
        for source in load_dossier().sources
        if oddities_of_source(source)
    }

    assert odd
    for key, found in odd.items():
        said = as_text(*made_of(load_dossier().source(key)))
        assert all(json.dumps(one.sentence, ensure_ascii=False)[1:-1] in said for one in found), key


def test_odd_interval_is_told_beside_its_number() -> None:
    odd = make_result(value=29.3, ci_low=19.0, ci_high=22.6, note="As printed.")
    source = make_source(key="some-2020", results=(odd,))
    published = Published(load_dossier().changed(sources=(*load_dossier().sources, source)), SITE)

    (found,) = evidence_of(published, source)

    notes = [one["text"] for one in found["statistic"][0]["note"]]
    assert notes[0] == "Note: As printed."
    assert notes[1].startswith("Odd as printed: ")


# What no longer counts


def test_retracted_study_says_so_with_all_its_numbers() -> None:
    found = resource(with_withdrawals(), "Citation", RETRACTED)
    numbers = [
        one for key, one in with_withdrawals().resources["Evidence"].items() if RETRACTED in key
    ]

    assert found["status"] == "retired"
    assert found["citedArtifact"]["currentState"][0]["coding"][0]["code"] == "retracted"
    assert found["citedArtifact"]["statusDate"][0]["period"] == {"start": DAY.isoformat()}
    assert f"Why it no longer counts: Because of {RETRACTED}." in as_text(found)
    assert numbers
    assert {one["status"] for one in numbers} == {"retired"}
    for one in numbers:
        assert "No longer counts: Retracted" in as_text(one)
        assert f"Why it no longer counts: Because of {RETRACTED}." in as_text(one)


def test_notice_that_nobody_decided_on_is_named_and_retires_nothing() -> None:
    found = resource(with_withdrawals(), "Citation", CORRECTED)

    assert found["status"] == "active"
    assert "currentState" not in found["citedArtifact"]
    (notice,) = found["citedArtifact"]["relatesTo"]
    assert (notice["type"], notice["document"]["url"]) == (
        "correction-in",
        "https://doi.org/10.1/c",
    )
    number = resource(with_withdrawals(), "Evidence", f"{CORRECTED}.1")
    assert number["status"] == "active"
    for one in (found, number):
        assert "Found by a check on 2026-12-01: correction, 10.1/c, 2026" in as_text(one)


def test_superseded_source_is_retired_and_not_called_retracted() -> None:
    found = resource(whole(), "Citation", "artms-vs-esketamine-2023")

    assert found["status"] == "retired"
    assert "currentState" not in found["citedArtifact"]
    assert found["statusDate"][0]["activity"]["coding"][0]["code"] == "superseded"


def test_withdrawn_position_and_caution_say_so() -> None:
    position = resource(with_withdrawals(), "ArtifactAssessment", f"position.{SUPERSEDED}")
    caution = resource(with_withdrawals(), "ClinicalUseDefinition", WRONG)

    assert position["content"][0]["type"] == {"text": "No longer counts"}
    assert position["content"][0]["summary"] == f"Because of {SUPERSEDED}."
    assert caution["status"]["coding"][0]["code"] == "retired"
    assert f"Because of {WRONG}. (2026-12-01)" in as_text(caution)


def test_what_holds_until_a_day_says_until_when() -> None:
    ending = [one for one in load_dossier().sources if one.valid_until]

    assert ending
    for source in ending:
        cited = made_of(source)[0]
        assert cited["effectivePeriod"] == {"end": source.valid_until and str(source.valid_until)}


# Form


def test_ids_are_those_of_fhir_and_meet_nowhere() -> None:
    long = [f"{'a' * 76}-{n:03}" for n in range(100)]
    ids = [id_of(one, str(n)) for one in long for n in range(3)]

    assert len(set(ids)) == 300
    for one in (*ids, *(each["id"] for each in all_of(whole()))):
        assert re.fullmatch(r"[A-Za-z0-9.\-]{1,64}", one), one
    assert len(id_of("a" * LONGEST_ID)) == LONGEST_ID


@for_each(("value", "printed"), [(63.0, "63"), (31.6, "31.6"), (-2.0, "-2"), (0.5, "0.5")])
def test_number_claims_no_digit_more(value: float, printed: str) -> None:
    assert json.dumps(number(value)) == printed


@for_each(
    ("p", "quantity"),
    [
        ("<0.001", {"value": 0.001, "comparator": "<"}),
        ("0.02", {"value": 0.02}),
        (">0.99", {"value": 0.99, "comparator": ">"}),
        ("0.017 nominal", None),
        ("<0.001 vs figure-8", None),
    ],
)
def test_p_is_a_number_only_where_it_says_no_more(p: str, quantity: dict[str, Any] | None) -> None:
    source = make_source(results=(make_result(p=p),))
    published = Published(load_dossier().changed(sources=(*load_dossier().sources, source)), SITE)

    (found,) = evidence_of(published, source)

    (estimate,) = found["statistic"][0]["attributeEstimate"]
    assert estimate["description"] == f"p {p}"
    assert estimate.get("quantity") == quantity


def test_source_of_which_little_is_known_claims_nothing() -> None:
    source = make_source(title=None, authors=(), year=None)
    published = Published(load_dossier().changed(sources=(*load_dossier().sources, source)), SITE)

    work = citation(published, source)["citedArtifact"]

    assert work.keys() == {"classification"}


def codes() -> Iterator[tuple[str, str]]:
    for one in (*all_of(whole()), *all_of(with_withdrawals())):
        yield from codings_in(one)


def codings_in(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "system" in value and "code" in value:
            yield value["system"], value["code"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from codings_in(one)


def test_codes_of_hl7_are_in_its_value_sets() -> None:
    of_hl7 = "http://terminology.hl7.org/CodeSystem/"
    used = {(system, code) for system, code in codes() if system.startswith(of_hl7)}

    assert {system.removeprefix(of_hl7) for system, _ in used} == OF_HL7.keys()
    strange = [one for one in used if one[1] not in OF_HL7[one[0].removeprefix(of_hl7)]]
    assert strange == []


def test_references_lead_to_resources() -> None:
    made = whole().resources
    for one in all_of(whole()):
        for reference in re.findall(r'"reference": "(\w+)/([^"]+)"', as_text(one)):
            kind, name = reference
            assert name in made[kind], reference


BROKEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("Citation", "abbar-2022", {"status": "bogus"}, "Citation.status: bogus is none of"),
    ("Citation", "abbar-2022", {"status": True}, "status"),
    ("Evidence", "abbar-2022.1", {"variableDefinition": None}, "variableDefinition"),
    ("Evidence", "abbar-2022.1", {"colour": "red"}, "colour"),
    ("ClinicalUseDefinition", "esk-ich", {"type": "maybe"}, "maybe is none of"),
]
"""A resource, a fault in it, and what has to be said of it."""


def broken() -> Iterator[tuple[dict[str, Any], str]]:
    for n, (kind, name, change, fault) in enumerate(BROKEN):
        yield {**resource(whole(), kind, name), **change, "id": f"broken-{n}"}, fault


@pytest.mark.slow
def test_foreign_models_take_every_resource_and_find_what_is_broken() -> None:
    changed = [one for one in all_of(with_withdrawals()) if one not in all_of(whole())]
    bundle = {**whole().bundle, "entry": whole().bundle["entry"][:2]}
    sound = [*all_of(whole()), *changed, bundle, capability(SITE)]
    faulty = list(broken())

    found = faults_in([*sound, *(one for one, _ in faulty)])

    assert found.keys() == {one["id"] for one, _ in faulty}
    for one, fault in faulty:
        assert any(fault in said for said in found[one["id"]]), fault


def test_statement_names_what_is_served_and_nothing_else() -> None:
    (rest,) = capability(SITE)["rest"]

    assert [one["type"] for one in rest["resource"]] == ["Bundle", *served()]
    for one in rest["resource"][1:]:
        names = [each["name"] for each in one["searchParam"]]
        assert names == [each.name for each in served()[one["type"]].parameters]
