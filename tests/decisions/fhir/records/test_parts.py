"""What each part of the mapping says of each answer that an edition offers. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict

from decisions.desk.models import Status
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.sharing import Consent
from decisions.documents.letter.treatment_history import DrugTrial, OtherTreatment, TmsCourse
from decisions.fhir.records.answers import Answered, answer_id, answer_observations
from decisions.fhir.records.asking import Asked, read_search
from decisions.fhir.records.capability import VERSION
from decisions.fhir.records.conditions import conditions, named_conditions, said_allergies
from decisions.fhir.records.gate import OWNER, Reader, gate_for
from decisions.fhir.records.history import Kept, medications, procedures
from decisions.fhir.records.referrals import STEPS, TASK_STATUS
from decisions.rules.loading import edition_ids, load_edition
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core.web.fhir_answers import FhirRefused
from tests.collecting import for_each

CASE = "6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab"
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
FHIR_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
READER = Reader("Hill Record System")


def answered(question: Question, value: object) -> Answered:
    return Answered(question, question.id, value, date(2026, 11, 28), NOON, 1)


def every_question() -> Iterator[tuple[str, Question]]:
    for edition in edition_ids():
        for question in load_edition(edition).questionnaire.questions:
            yield edition, question


def test_only_what_is_listed_is_a_condition() -> None:
    """Unknown, left to somebody, none and every value that is not listed name nothing."""
    listed = {one.question: one.values for one in named_conditions()}
    wrong = []
    for edition, question in every_question():
        values = [option.value for option in question.choices]
        offered = [[one] for one in values] if question.type is QuestionType.CHOICES else values
        for value in (*offered, "unknown", question.left_word or "unknown", []):
            found = list(conditions(CASE, {question.id: answered(question, value)}))
            plain = value[0] if isinstance(value, list) and value else value
            expected = isinstance(plain, str) and plain in listed.get(question.id, {})
            if bool(found) is not expected:
                wrong.append((edition, question.id, value))
            if any(one.get("code", {}).get("text", "") in ("", "Yes") for one in found):
                wrong.append((edition, question.id, "no words"))

    assert wrong == []


def test_each_listed_condition_is_offered_by_the_newest_edition() -> None:
    questionnaire = load_edition(edition_ids()[-1]).questionnaire

    odd = [
        (one.question, value)
        for one in named_conditions()
        for value in one.values
        if value not in questionnaire.question(one.question).values
    ]

    assert odd == []


def test_ids_are_those_of_fhir_and_differ() -> None:
    for edition in edition_ids():
        ids = [
            one["id"]
            for of, question in every_question()
            if of == edition
            for value in _each_value(question)
            for one in answer_observations(CASE, edition, {question.id: answered(question, value)})
        ]

        assert all(FHIR_ID.fullmatch(one) for one in ids)
        by_question = len(set(ids))
        assert by_question >= len(load_edition(edition).questionnaire.questions) - 2


def _each_value(question: Question) -> Iterator[object]:
    """For "several" questions each value alone has an id of its own."""
    if question.type is QuestionType.CHOICES:
        yield from ([option.value] for option in question.options)
    elif question.type is QuestionType.INTEGER:
        yield question.min
    elif question.type is not QuestionType.INSTRUMENT:
        yield question.choices[0].value


def test_long_ids_are_shortened_to_different_ones() -> None:
    long = [answer_id(CASE, "q" * 60, letter) for letter in "ab"]

    assert long[0] != long[1]
    assert max(len(one) for one in long) <= 64


@for_each(("value", "count"), [("yes", 1), ("no", 0), ("unknown", 0)])
def test_allergy_only_where_somebody_says_yes(value: str, count: int) -> None:
    question = load_edition(edition_ids()[-1]).questionnaire.question("ketamine_allergy")

    assert len(list(said_allergies(CASE, {question.id: answered(question, value)}))) == count


@for_each(
    ("written", "code"),
    [
        ("F33.1", "F33.1"),
        ("F33.1 (ICD-10-CM)", "F33.1"),
        ("F32.A", "F32.A"),
        ("recurrent", ""),
        ("F33.1, F41.1", ""),
        ("f33.1", ""),
        ("296.32", ""),
    ],
)
def test_code_of_the_diagnosis_only_where_it_is_one(written: str, code: str) -> None:
    question = load_edition(edition_ids()[-1]).questionnaire.question("diagnosis")
    [found] = conditions(
        CASE, {"diagnosis": answered(question, "mdd")}, diagnosis_code=written, code_saved_at=NOON
    )

    codings = found["code"].get("coding", [])

    assert [one["code"] for one in codings] == ([code] if code else [])
    assert found["clinicalStatus"]["coding"][0]["code"] == "active", "no TMS was told"


@for_each(
    ("row", "status"),
    [
        (TmsCourse(started="2025"), "unknown"),
        (TmsCourse(started="2025", ended="2025-05"), "completed"),
        (TmsCourse(ended="2025-05", why_stopped="headache"), "stopped"),
        (OtherTreatment(kind="ect"), "unknown"),
        (DrugTrial(drug="A"), "unknown"),
        (DrugTrial(drug="A", ended="2024"), "stopped"),
        (DrugTrial(drug="A", why_stopped="no relief"), "stopped"),
    ],
)
def test_treatment_without_an_end_is_not_over(row: Any, status: str) -> None:
    kept, words = [Kept("a", row, NOON)], load_words(edition_ids()[-1]).history

    [found] = [*medications(CASE, kept, words), *procedures(CASE, kept, words)]

    assert found["status"] == status


PAPER = {
    "reference": "P-1",
    "recipient": "hill  record system",
    "scope": "all",
    "covers_substance_use": True,
    "signed_on": date(2026, 11, 1),
}


@for_each(
    ("reader", "source", "paper", "is_closed"),
    [
        (READER, "self_report", {}, False),
        (READER, "own_assessment", {}, False),
        (READER, "part2_program", {}, True),
        (READER, "unknown", {}, True),
        (READER, "", {}, True),
        (OWNER, "part2_program", {}, False),
        (READER, "unknown", PAPER, False),
        (READER, "unknown", {**PAPER, "recipient": "Somebody else"}, True),
        (READER, "unknown", {**PAPER, "recipient": ""}, True),
        (Reader(""), "unknown", {**PAPER, "recipient": ""}, True),
        (READER, "unknown", {**PAPER, "recipient": "", "for_all_who_treat": True}, False),
        (READER, "unknown", {**PAPER, "is_revoked": True}, True),
        (READER, "unknown", {**PAPER, "expires_on": date(2026, 11, 27)}, True),
        (READER, "unknown", {**PAPER, "signed_on": date(2026, 11, 29)}, True),
        (READER, "unknown", {**PAPER, "covers_substance_use": False}, True),
    ],
    ids=lambda one: one.name,
)
def test_gate_opens_as_letters_do(
    reader: Reader, source: str, paper: dict[str, Any], is_closed: bool
) -> None:
    gate = gate_for(
        reader,
        source=source,
        consents=[Consent(**paper)] if paper else [],
        questions=["substance_use"],
        mentions=("rehab", "F10"),
        on=date(2026, 11, 28),
    )

    assert gate.is_closed is is_closed
    assert gate.keeps_back("substance_use") is is_closed
    assert not gate.keeps_back("age_years")
    assert gate.lets({"note": ["In Rehabilitation since May", None, 3]}) is not is_closed
    assert gate.lets({"note": "well"})


def test_every_place_of_a_letter_is_a_status_of_a_task() -> None:
    assert set(TASK_STATUS) == set(Status)
    assert {status: TASK_STATUS[step] for status, step in STEPS.items()} == {
        one: one for one in STEPS
    }


def asked(**given: str) -> Asked:
    query = QueryDict(mutable=True)
    query.update({name.replace("updated", "_lastUpdated"): one for name, one in given.items()})
    return read_search("Task", ["patient"], query)


@for_each(
    ("written", "fitting", "not_fitting"),
    [
        ("2026-12", "2026-12-31T12:00:00Z", "2027-01-02T12:00:00Z"),
        ("ge2026-11-28", "2026-11-28T12:00:00Z", "2026-11-27T12:00:00Z"),
        ("gt2026-11-28", "2026-11-30T12:00:00Z", "2026-11-28T12:00:00Z"),
        ("lt2026", "2025-12-31T01:00:00Z", "2026-01-02T00:00:00Z"),
        ("le2026-11", "2026-11-30T12:00:00Z", "2026-12-02T00:00:00Z"),
        ("2026-11-28T12:00:00Z", "2026-11-28T12:00:00.900Z", "2026-11-28T12:00:01Z"),
        ("2026-11-28T14:00:00+02:00", "2026-11-28T12:00:00Z", "2026-11-28T14:00:00Z"),
        ("2026-11-28T14:00:00 02:00", "2026-11-28T12:00:00Z", "2026-11-28T14:00:00Z"),
    ],
)
def test_time_of_a_change(written: str, fitting: str, not_fitting: str) -> None:
    search = asked(updated=written)

    assert search.fits(datetime.fromisoformat(fitting))
    assert not search.fits(datetime.fromisoformat(not_fitting))


@for_each("written", ["9999", "0000", "2026-02-30", "2026-11-28T25:00:00Z", "2026-1-1", "now"])
def test_odd_time_is_refused(written: str) -> None:
    with pytest.raises(FhirRefused):
        asked(updated=written)


def test_refusal_names_each_parameter_once() -> None:
    with pytest.raises(FhirRefused) as refused:
        read_search("Patient", ["_id", "_lastUpdated"], QueryDict("foo=1"))

    assert refused.value.diagnostics.count("_lastUpdated") == 1


def test_version_is_that_of_the_program() -> None:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())

    assert project["project"]["version"] == VERSION
