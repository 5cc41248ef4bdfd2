"""Patients just on one side of a rule: every reason with its weight, and what is not asked."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import EVERY_EDITION, answers_of, read_of_edition
from tests.decisions.rules.ledger import ledger_of, summary_of
from tests.oracles import independent_evaluation
from tests.oracles.independent_conditions import of_edition

PATIENTS: list[dict[str, Any]] = [
    {**one, "edition": edition}
    for edition in EVERY_EDITION
    for one in read_of_edition(edition, "thresholds.yaml")
]

each_patient = for_each("one", PATIENTS, ids=lambda one: f"{one['edition']} {one['id']}")


def retracted_for(one: dict[str, Any]) -> frozenset[str]:
    """All sources where the vignette withdraws them, else none."""
    everything = frozenset(source.key for source in load_dossier().sources)
    return everything if one.get("retracted") == "all" else frozenset()


def evidence_for(one: dict[str, Any]) -> EvidenceBase:
    return load_dossier().with_retracted(retracted_for(one))


@pytest.mark.slow
@each_patient
def test_patient_is_decided_as_expected(one: dict[str, Any]) -> None:
    answers = answers_of(one["answers"], one["edition"])
    outcome = decide(load_edition(one["edition"]), answers, evidence_for(one))

    assert summary_of(outcome) == one["expect"]
    assert ledger_of(outcome) == one["ledger"]


@each_patient
def test_patient_is_not_asked_what_does_not_apply(one: dict[str, Any]) -> None:
    asked = answers_of(one["answers"], one["edition"]).asked

    assert [name for name, truth in asked.items() if truth is not Truth.TRUE] == one["not_asked"]


@each_patient
def test_expectation_agrees_with_the_independent_evaluation(one: dict[str, Any]) -> None:
    """What is expected was not just copied from the engine."""
    with of_edition(one["edition"]):
        said = independent_evaluation.decide(one["answers"], retracted_for(one))
    lines = one["ledger"]

    assert {name: said[name] for name in ("urgent", "leading", "close", "by_preference")} == {
        name: one["expect"][name] for name in ("urgent", "leading", "close", "by_preference")
    }
    for option, of_option in said["options"].items():
        assert of_option["verdict"] == one["expect"]["verdicts"][option]
        assert of_option["stops"] == rules_of("stop", lines[option])
        assert of_option["reviews"] == rules_of("review", lines[option])
        assert of_option["silent"] == rules_of("silent", lines[option])
        assert of_option["notes"] == rules_of("note", lines[option])
        assert of_option["for"] == [line.split()[1] for line in lines[option] if line[0] == "+"]
        assert of_option["against"] == [line.split()[1] for line in lines[option] if line[0] == "-"]


def rules_of(word: str, lines: list[str]) -> list[str]:
    return [line.removeprefix(f"{word} ") for line in lines if line.startswith(f"{word} ")]


def test_every_patient_has_an_id_of_its_own() -> None:
    ids = [(one["edition"], one["id"]) for one in PATIENTS]

    assert len(set(ids)) == len(ids)
