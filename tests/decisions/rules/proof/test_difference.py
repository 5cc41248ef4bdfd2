"""Two editions beside each other: every kind of case whose verdict differs, as a smallest case."""

from __future__ import annotations

from itertools import islice

import pytest

from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import load_edition
from decisions.rules.proof.claims import Counterexample
from decisions.rules.proof.difference import difference
from decisions.rules.proof.difference_in_words import editions_in_words, kind_in_words
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.decisions.rules.cases import EARLIER_EDITION
from tests.decisions.rules.proof.test_proving import dropped


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
def test_two_editions_differ_in_cases_that_decide_shows() -> None:
    """The first kinds that are found: all of them take minutes."""
    before, after, evidence = load_edition(EARLIER_EDITION), load_edition(), load_dossier()

    for one in islice(difference(before, evidence, after, evidence), 15):
        was, becomes = (
            verdicts(before, evidence, one.answers),
            verdicts(after, evidence, one.beside),
        )
        option, change = one.what.split(": ")
        place = list(OptionId).index(OptionId(option))
        assert change == f"{was[place]} becomes {becomes[place]}"


def test_two_editions_are_told_apart_in_words() -> None:
    lines = [*editions_in_words(load_edition(EARLIER_EDITION), load_edition())]

    assert "Newly asked: Antidepressant now [antidepressant_now]" in lines
    assert any(line.startswith("New review: A seizure at any time") for line in lines)
    assert any(line.endswith("[note-thyroid]") and "No longer" in line for line in lines)
    assert any("new answer Within days: safety is failing" in line for line in lines)
    assert any(line.endswith("[tms-against-attendance: condition]") for line in lines)


def test_an_edition_is_not_told_apart_from_itself() -> None:
    assert not [*editions_in_words(load_edition(), load_edition())]


def test_a_kind_of_case_is_said_with_the_sentences_that_make_it() -> None:
    before, after, evidence = load_edition(), dropped("ketamine-stop-heart"), load_dossier()
    first = next(iter(difference(before, evidence, after, evidence)))

    words = kind_in_words(first, before, after)

    assert words.startswith("Ketamine: not suitable in ")
    assert f"No longer: {before.rule('ketamine-stop-heart').because}" in words


@pytest.mark.slow
@pytest.mark.long
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
