"""The synthetic patients of the measurements: valid, repeatable, and asked to the end."""

from __future__ import annotations

from collections import Counter

import pytest

from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from script.measure.next_question import interview, next_best, next_in_order
from script.measure.patients import Kind, Patient, make_patients
from tests.decisions.rules.cases import answers_of


def answers_to(asked: tuple[str, ...], patient: Patient) -> Answers:
    return answers_of({question: patient.answers[question] for question in asked})


def test_every_patient_has_an_admissible_answer_to_every_question() -> None:
    questions = {question.id for question in load_edition().questionnaire.questions}

    for patient in make_patients(1, 200):
        assert patient.answers.keys() == questions
        assert answers_of(patient.answers).values.keys() == questions


def test_same_seed_gives_the_same_patients_and_another_seed_others() -> None:
    assert make_patients(1, 50) == make_patients(1, 50)
    assert make_patients(1, 50) != make_patients(2, 50)


def test_half_of_the_patients_are_clear_and_half_complicated() -> None:
    kinds = Counter(patient.kind for patient in make_patients(1, 200))

    assert kinds == {Kind.CLEAR: 100, Kind.COMPLICATED: 100}


def test_most_recent_response_is_never_better_than_the_best() -> None:
    order = ("remission", "response", "partial", "none", "worse")

    for patient in make_patients(1, 200):
        best, last = (patient.answers[f"tms_{name}_response"] for name in ("best", "last"))
        assert order.index(last) >= order.index(best)


@pytest.mark.slow
def test_both_orders_end_settled_and_with_nothing_pending() -> None:
    edition, evidence = load_edition(), load_dossier()

    for patient in make_patients(1, 4):
        for order in (next_in_order, next_best):
            asked = interview(patient.answers, order).asked
            answers = answers_to(asked, patient)
            outcome = decide(edition, answers, evidence)
            assert len(set(asked)) == len(asked)
            assert robustness_of(edition, answers, evidence).settled
            assert not any(option.pending for option in outcome.options.values())


def test_form_counts_as_one_question_and_as_its_items() -> None:
    patient = make_patients(1, 1)[0]

    found = interview(patient.answers, next_in_order)

    assert {"phq9", "gad7"} <= set(found.asked)
    assert found.items == found.questions + 8 + 6
