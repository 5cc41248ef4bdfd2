"""Two editions beside each other: every kind of case whose verdict differs, as a smallest case."""

from __future__ import annotations

import pytest

from decisions.domain.answers import Answers
from decisions.domain.edition import Edition
from decisions.domain.engine import decide
from decisions.domain.rules import OptionId
from decisions.loading import load_edition
from decisions.proof.claims import Counterexample
from decisions.proof.difference import difference
from evidence.domain import EvidenceBase
from evidence.loading import load_dossier
from tests.decisions.proof.test_proving import dropped


def verdicts(edition: Edition, evidence: EvidenceBase, answers: object) -> list[str]:
    assert isinstance(answers, dict)
    outcome = decide(edition, Answers.read(edition.questionnaire, answers), evidence)
    return [outcome.options[option].verdict for option in OptionId]


def kinds(found: list[Counterexample]) -> set[str]:
    return {one.what for one in found}


def test_an_edition_does_not_differ_from_itself() -> None:
    edition, evidence = load_edition(), load_dossier()

    assert [*difference(edition, evidence, edition, evidence)] == []


def test_a_dropped_stop_differs_in_cases_that_decide_shows() -> None:
    before, after, evidence = load_edition(), dropped("ketamine-stop-heart"), load_dossier()

    found = [*difference(before, evidence, after, evidence)]

    assert "ketamine: not_suitable becomes favoured" in kinds(found)
    for one in found:
        assert one.rules == ("ketamine-stop-heart",)
        was, becomes = (
            verdicts(before, evidence, one.answers),
            verdicts(after, evidence, one.beside),
        )
        option, change = one.what.split(": ")
        place = list(OptionId).index(OptionId(option))
        assert change == f"{was[place]} becomes {becomes[place]}"


@pytest.mark.slow
def test_withdrawn_evidence_differs_in_weights_alone() -> None:
    edition, evidence = load_edition(), load_dossier()
    without = evidence.with_retracted(frozenset({"philip-2016", "kelly-2017", "mantovani-2012"}))

    for one in difference(edition, evidence, edition, without):
        was, becomes = (verdicts(edition, e, one.answers) for e in (evidence, without))
        assert was != becomes
        assert not {"not_suitable", "specialist_review", "more_information"} & {
            verdict
            for pair in zip(was, becomes, strict=True)
            if pair[0] != pair[1]
            for verdict in pair
        }
