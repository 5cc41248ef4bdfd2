"""The engine and an independent evaluation of the same YAML agree on random lines.

`independent_evaluation` was written from the specification without a look at the engine, so a
misreading has to be made twice to pass here. Every run sees the same lines: they are seeded.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.cases.json_lines import LineRefused, read_line, write_outcome, write_refusal
from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.settled import robustness_of
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.random_lines import malformed_line, random_line
from tests.oracles import independent_evaluation, independent_reading
from tests.oracles.independent_conditions import rules, sources
from tests.rounds import ROUNDS

CASES_A_SEED = 200
LINES_A_SEED = 250
SEIZURE_NOW = "tms-stop-seizure-now"


def engine_result(line: str, evidence: EvidenceBase) -> dict[str, Any]:
    """What `manage.py decide` prints for a line."""
    edition = load_edition()
    try:
        case = read_line(edition.questionnaire, line.encode())
    except LineRefused as refused:
        result = write_refusal(refused, 1)
    else:
        given = edition, case.answers, evidence
        result = write_outcome(case.id, decide(*given), robustness_of(*given))
    return dict(json.loads(result))


def expected_result(line: str, retracted: frozenset[str]) -> dict[str, Any]:
    record = json.loads(line)
    return {
        "id": record.get("id"),
        **independent_evaluation.decide(record["answers"], retracted),
    }


def comparable(result: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """The parts of a result that the independent evaluation gives too."""
    return {key: result.get(key) for key in expected}


def assert_decided_alike(line: str, evidence: EvidenceBase, retracted: frozenset[str]) -> None:
    expected = expected_result(line, retracted)
    result = comparable(engine_result(line, evidence), expected)

    assert result == expected, line


def waits_for(answers: dict[str, Any]) -> list[str]:
    """What the engine says that the stop for a seizure in a running course waits for."""
    result = engine_result(json.dumps({"answers": answers}), load_dossier())
    pending = {one["rule"]: one["waits_for"] for one in result["options"]["repeat_tms"]["pending"]}
    return list(pending[SEIZURE_NOW])


def retractions(rng: Random) -> list[frozenset[str]]:
    """Sets of retracted sources: none, one, a few, and most of those that the rules rest on."""
    cited = sorted({key for rule in rules() for key in rule.get("evidence", [])})
    sizes = [1, 1, 3, 8, len(cited) - 5]
    return [
        frozenset(),
        frozenset(rng.sample(sorted(sources()), 10)),
        *(frozenset(rng.sample(cited, size)) for size in sizes),
    ]


@pytest.mark.slow
@for_each("seed", range(ROUNDS))
def test_random_cases_are_decided_alike(seed: int) -> None:
    rng = Random(seed)
    evidence = {keys: load_dossier().with_retracted(keys) for keys in retractions(rng)}

    for _ in range(CASES_A_SEED):
        line = random_line(rng)
        retracted = rng.choice([frozenset[str](), *evidence])

        assert_decided_alike(line, evidence[retracted], retracted)


@pytest.mark.slow
@settings(max_examples=40 * ROUNDS, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_case_is_decided_alike(rng: Random) -> None:
    assert_decided_alike(random_line(rng), load_dossier(), frozenset())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["tms_courses", "tms_now", "tms_seizure"]),
        ({"tms_now": "yes"}, ["tms_courses", "tms_seizure"]),
        ({"tms_seizure": "yes"}, ["tms_courses", "tms_now"]),
        ({"tms_courses": 1}, ["tms_now", "tms_seizure"]),
    ],
)
def test_pending_stop_waits_first_for_what_decides_whether_it_is_asked(
    answers: dict[str, Any], expected: list[str]
) -> None:
    assert waits_for(answers) == expected


@pytest.mark.slow
@pytest.mark.parametrize("answers", [{"tms_now": "no"}, {"tms_seizure": "no"}])
def test_pending_stop_waits_only_for_what_can_matter(answers: dict[str, Any]) -> None:
    """With either stored as no, no answer to the other can make the stop true."""
    assert waits_for(answers) == ["tms_courses"]


@pytest.mark.parametrize("seed", range(4))
def test_malformed_lines_name_the_same_questions(seed: int) -> None:
    rng = Random(seed)

    for _ in range(LINES_A_SEED):
        line = malformed_line(rng)
        result = engine_result(line, load_dossier())

        assert result.keys() == {"id", "line", "errors"}, line[:500]
        assert all(error["problem"] for error in result["errors"])
        assert {error["question"] for error in result["errors"]} == independent_reading.problems(
            line
        ), line[:500]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_random_lines_are_as_valid_as_they_claim(seed: int) -> None:
    rng = Random(seed)

    for _ in range(LINES_A_SEED):
        assert not independent_reading.problems(random_line(rng))
        assert independent_reading.problems(malformed_line(rng))


def test_refused_line_keeps_its_id() -> None:
    result = engine_result('{"id": "a", "answers": {"age_years": 142}}', load_dossier())

    assert result["id"] == "a"


def test_key_repeated_inside_the_id_is_refused() -> None:
    result = engine_result('{"id": {"a": 1, "a": 2}, "answers": {}}', load_dossier())

    assert [error["question"] for error in result["errors"]] == [None]
