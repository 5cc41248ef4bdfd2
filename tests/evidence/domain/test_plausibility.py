"""Odd numbers are named, and sound ones are not."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.domain.parts import CertaintyReason, Result
from evidence.domain.plausibility import (
    Oddity,
    OddityKind,
    new_oddities,
    oddities_of,
    oddities_of_source,
)
from evidence.domain.terms import CertaintyDomain, Judgment
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_result, make_source


@for_each(
    ("fields", "problem"),
    [
        ({"value": -6.1, "ci_low": 1, "ci_high": 11, "unit": "points"}, "outside its interval"),
        ({"value": 2, "ci_low": 3, "ci_high": 1, "unit": "points"}, "runs backward"),
        ({"value_low": 50, "value_high": 40}, "runs backward"),
        ({"value": 101}, "not between 0 and 100"),
        ({"value": -1}, "not between 0 and 100"),
        ({"value": 50, "events": 5, "total": 4}, "5 of 4 cannot be"),
        ({"value": 0, "events": 0, "total": 0}, "0 of 0 cannot be"),
        ({"value": 60, "events": 5, "total": 10}, "5 of 10 is 50.0 percent, not 60"),
    ],
)
def test_odd_number_is_named(fields: dict[str, Any], problem: str) -> None:
    assert any(problem in said for said in oddities_of(make_result(**fields)))


@for_each(
    "fields",
    [
        {"value": 0},
        {"value": 100},
        {"value": 1, "ci_low": 1, "ci_high": 2, "unit": "odds ratio"},
        {"value": 28, "events": 13, "total": 47},
        {"value": 120, "unit": "points"},
        {"value": -14.2, "unit": "percentage points"},
        {"value_text": "no difference", "unit": None},
    ],
)
def test_sound_number_is_not_named(fields: dict[str, Any]) -> None:
    assert list(oddities_of(make_result(**fields))) == []


@for_each(
    ("fields", "kind"),
    [
        ({"value": -6.1, "ci_low": 1, "ci_high": 11.16, "unit": "points"}, OddityKind.SIGN),
        ({"value": 12, "ci_low": 1, "ci_high": 11.16, "unit": "points"}, OddityKind.INTERVAL),
        ({"value": 43.42, "events": 28, "total": 66}, OddityKind.COUNTS),
        ({"value": 39.64, "note": 'Printed as 67 out of "16"'}, OddityKind.COUNTS),
        ({"value": 43.42, "note": "28 of 66"}, OddityKind.COUNTS),
        ({"value": 4, "sd": -1, "unit": "points"}, OddityKind.SPREAD),
        ({"value": 0, "unit": "odds ratio"}, OddityKind.RATIO),
        ({"value": 1.5, "ci_low": -0.2, "ci_high": 3, "unit": "hazard ratio"}, OddityKind.RATIO),
        ({"events": -1, "unit": "people"}, OddityKind.COUNTS),
        ({"value": 5, "p": "1.2"}, OddityKind.P),
    ],
)
def test_odd_number_has_its_kind(fields: dict[str, Any], kind: OddityKind) -> None:
    assert kind in {oddity.kind for oddity in oddities_with(make_result(**fields))}


@for_each(
    ("p", "low", "high", "unit", "is_odd"),
    [
        ("<0.05", -1, 2, "difference", True),
        ("0.03", 0.8, 2, "odds ratio", True),
        ("0.20", 1.2, 2, "odds ratio", True),
        ("> 0.05", 1, 2, "difference", True),
        ("0.20 nominal", 0.3, 0.8, "HR", True),
        ("0.03", -1, 2, "SMD", True),
        ("p = 0.001", 1, 2, "difference", False),
        ("0.05", -1, 2, "difference", False),
        ("<0.1", -1, 2, "difference", False),
        ("0.03", 0, 2, "difference", False),
        ("0.20", 20, 30, "percent", False),
        ("not significant", 1, 2, "difference", False),
    ],
)
def test_p_is_held_against_interval(
    p: str, low: float, high: float, unit: str, is_odd: bool
) -> None:
    result = make_result(value=1.5, ci_low=low, ci_high=high, unit=unit, p=p)

    kinds = {oddity.kind for oddity in oddities_with(result)}

    assert (OddityKind.P in kinds) is is_odd


def test_one_sided_p_is_not_held_against_interval() -> None:
    fields = {"ci_low": 1, "ci_high": 2, "unit": "difference", "note": "non-inferiority"}

    assert list(oddities_of(make_result(value=1.5, p="0.2", **fields))) == []


def test_percentage_that_no_whole_people_make_is_named() -> None:
    result = make_result(measure="remission", arm="both (n=66)", value=43.42)

    assert OddityKind.WHOLE_PEOPLE in {oddity.kind for oddity in oddities_with(result)}


@for_each(
    "fields",
    [
        {"measure": "remission", "arm": "both (n=66)", "value": 42.42},
        {"measure": "mean response", "arm": "both (n=66)", "value": 43.42},
        {"measure": "attention", "arm": "both (n=66)", "value": 43.42},
        {"measure": "remission", "arm": "both", "value": 43.42},
        {"measure": "remission", "arm": "both (n=66)", "value": 44.0},
    ],
)
def test_percentage_that_whole_people_can_make_is_not_named(fields: dict[str, Any]) -> None:
    assert oddities_with(make_result(**fields)) == ()


def test_counts_in_one_line_are_held_against_percentage_in_another() -> None:
    counted = make_result(events=28, total=66, unit="people")
    printed = make_result(measure="Response", value=43.42)
    fitting = make_result(value=42.42)

    assert [one.kind for one in oddities_with(counted, printed)] == [OddityKind.COUNTS]
    assert oddities_with(counted, fitting) == ()


@pytest.mark.parametrize(
    ("sizes", "is_odd"),
    [((66, 169), False), ((66, 170), True), ((66, 235), False), ((66, 236), True)],
)
def test_groups_are_held_against_the_whole(sizes: tuple[int, int], is_odd: bool) -> None:
    results = [
        make_result(arm=f"arm {index}", value=20, n=size) for index, size in enumerate(sizes)
    ]

    assert bool(oddities_of_source(make_source(n=235, results=tuple(results)))) is is_odd


def test_counts_are_held_against_size_of_group() -> None:
    result = make_result(arm="TMS only (n=169)", events=6, total=16)

    assert [one.kind for one in oddities_with(result)] == [OddityKind.GROUPS]


def test_certainty_without_reason_is_named() -> None:
    source = make_source(certainty="low")

    assert [one.kind for one in oddities_of_source(source)] == [OddityKind.CERTAINTY]


@pytest.mark.parametrize(
    ("reasons", "sentences"),
    [
        ([("imprecision", "serious"), ("large_effect", "raises")], []),
        ([("imprecision", "raises")], ["can only lower certainty"]),
        ([("large_effect", "serious")], ["can only raise certainty"]),
        ([("imprecision", "serious"), ("imprecision", "not_serious")], ["more than once"]),
    ],
)
def test_reasons_for_certainty_are_held_against_what_they_can_do(
    reasons: list[tuple[str, str]], sentences: list[str]
) -> None:
    given = tuple(
        CertaintyReason(domain=CertaintyDomain(domain), judgment=Judgment(judgment), why="few")
        for domain, judgment in reasons
    )

    said = [one.sentence for one in oddities_of_source(make_source(certainty_reasons=given))]

    assert len(said) == len(sentences)
    assert all(part in one for part, one in zip(sentences, said, strict=True))


def test_edit_has_to_confirm_only_what_it_brings_in() -> None:
    odd, odder = make_result(value=101), make_result(value=-1)
    before = make_source(results=(odd,))
    after = make_source(results=(odd, odder))

    assert [one.sentence for one in new_oddities(before=before, after=after)] == [
        "-1 percent is not between 0 and 100"
    ]
    assert len(new_oddities(before=None, after=after)) == 2


def test_own_dossier_has_those_that_its_notes_name_and_no_others() -> None:
    found = [
        (source.key, oddity.kind)
        for source in load_dossier().sources
        for oddity in oddities_of_source(source)
    ]

    assert found == [
        ("glue-2024", OddityKind.SIGN),
        ("shanok-2024", OddityKind.COUNTS),
        ("shanok-2024", OddityKind.COUNTS),
        ("shanok-2024", OddityKind.WHOLE_PEOPLE),
        ("yip-2017", OddityKind.COUNTS),
    ]


def oddities_with(*results: Result) -> tuple[Oddity, ...]:
    return oddities_of_source(make_source(results=results))
