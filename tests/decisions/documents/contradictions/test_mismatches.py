"""What does not fit: rows against answers, a code against diagnosis and score, days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from decisions.documents.contradictions.asking import OF_ROWS, mismatches_in
from decisions.documents.contradictions.compared import Compared
from decisions.documents.contradictions.wording import contradiction_words
from decisions.documents.letter.treatment_history import (
    DrugTrial,
    History,
    Medicine,
    OtherTreatment,
    TmsCourse,
)
from decisions.rules.loading import CURRENT_EDITION, edition_ids, load_edition
from decisions.rules.questionnaire.answers import Answers
from decisions.treatment_history.medicine_lists import medicine_list
from tests.collecting import for_each

EDITION = load_edition(CURRENT_EDITION)
TODAY = date(2026, 11, 29)
LISTED = medicine_list(CURRENT_EDITION)

ECT_HELPED = OtherTreatment(kind="ect", details="right unilateral", number=12, result="response")
ECT_NOT = OtherTreatment(kind="ect", result="none")
SPRAY = OtherTreatment(kind="esketamine", result="response")
COURSE = TmsCourse(sessions=36, score_before=21, score_after=4)
FAILED = DrugTrial(
    drug="sertraline", drug_class="ssri", highest_dose="200 mg", weeks=10, result="none"
)
PARTLY = FAILED.model_copy(update={"drug": "venlafaxine", "result": "partial"})
ADDED = FAILED.model_copy(update={"drug": "aripiprazole", "drug_class": "antipsychotic"})
BARE = DrugTrial(drug="mirtazapine")


def said(answers: dict[str, Any], *, history: History | None = None, **parts: Any) -> list[str]:
    """The names of everything that does not fit."""
    compared = Compared(
        edition=EDITION,
        answers=Answers.read(EDITION.questionnaire, answers),
        today=TODAY,
        history=history or History(),
        **parts,
    )
    found = mismatches_in(compared)
    assert all("{" not in one.says for one in found)
    return [one.id for one in found]


def others(*rows: OtherTreatment) -> History:
    return History(others=rows)


@for_each(
    ("question", "answer", "history", "expected"),
    [
        ("antidepressant_now", "taking", History(none_of=("medicines",)), ["no_rows"]),
        ("antidepressant_now", "none", History(none_of=("medicines",)), []),
        ("medicines", ["lithium"], History(none_of=("medicines",)), ["no_rows"]),
        ("medicines", [], History(none_of=("medicines",)), []),
        ("ect_history", "never", others(ECT_HELPED), ["rows"]),
        ("ect_history", "unknown", others(ECT_HELPED), ["rows"]),
        ("ect_history", "helped", others(ECT_HELPED), []),
        ("ect_history", "helped", others(ECT_NOT), ["rows"]),
        ("ect_history", "helped", others(ECT_NOT, ECT_HELPED), []),
        ("ect_history", "did_not_help", others(ECT_HELPED), ["rows"]),
        ("ect_history", "did_not_help", others(OtherTreatment(kind="ect")), []),
        ("ect_history", "helped", others(SPRAY), []),
        ("ect_history", "helped", History(none_of=("others",)), ["no_rows"]),
        ("ect_history", "never", History(none_of=("others",)), []),
        ("ketamine_history", "never", others(SPRAY), ["rows"]),
        ("ketamine_history", "responded", others(SPRAY), []),
        ("ketamine_history", "no_response", others(SPRAY), ["rows"]),
        ("ketamine_history", "stopped", others(SPRAY), []),
        ("tms_courses", 1, History(tms_courses=(COURSE, COURSE)), ["rows"]),
        ("tms_courses", 2, History(tms_courses=(COURSE, COURSE)), []),
        ("tms_courses", 1, History(none_of=("tms_courses",)), ["no_rows"]),
        ("tms_courses", 0, History(none_of=("tms_courses",)), []),
    ],
)
def test_answer_about_earlier_treatment_fits_its_rows(
    question: str, answer: object, history: History, expected: list[str]
) -> None:
    assert said({question: answer}, history=history) == expected


@for_each(
    ("question", "answer", "taken", "expected"),
    [
        ("medicines", [], ("tranylcypromine",), ["lacks_class"]),
        ("medicines", [], ("Selegiline ",), ["lacks_class"]),
        ("medicines", ["lithium"], ("lithium", "phenelzine"), ["lacks_class"]),
        ("medicines", ["maoi"], ("phenelzine",), []),
        ("medicines", ["antipsychotic"], ("quetiapine",), ["lacks_class"]),
        ("medicines", ["antipsychotic", "other_sedative"], ("quetiapine",), []),
        ("medicines", [], ("lorazepam", "sertraline"), []),
        ("medicines", [], ("tranylcypromine 10 mg", "Parnate"), []),
        ("medicines", "unknown", ("tranylcypromine",), []),
        ("antidepressant_now", "none", ("sertraline",), ["lacks_class"]),
        ("antidepressant_now", "stopped_recently", ("sertraline", "imipramine"), ["lacks_class"]),
        ("antidepressant_now", "taking", ("sertraline",), []),
        ("threshold_factors", [], ("clozapine",), ["lacks_class"]),
        ("threshold_factors", [], ("bupropion",), []),
    ],
)
def test_medicine_that_is_listed_fits_the_answer_about_its_class(
    question: str, answer: object, taken: tuple[str, ...], expected: list[str]
) -> None:
    history = History(medicines=tuple(Medicine(name=one) for one in taken))

    assert said({question: answer}, history=history, listed=LISTED) == expected


@for_each(
    ("frequency", "expected"),
    [
        ("daily", ["lacks_class"]),
        ("1 at night", ["lacks_class"]),
        ("0.5 mg b.i.d., bid", ["lacks_class"]),
        ("2x a day", ["lacks_class"]),
        ("daily as needed", []),
        ("twice a week", []),
        ("every other day", []),
        ("occasionally", []),
        ("", []),
    ],
)
def test_benzodiazepine_is_asked_about_where_its_row_says_daily(
    frequency: str, expected: list[str]
) -> None:
    history = History(medicines=(Medicine(name="lorazepam", frequency=frequency),))

    assert said({"medicines": []}, history=history, listed=LISTED) == expected
    taken = {"medicines": ["benzodiazepine"]}
    assert said(taken, history=history, listed=LISTED) == []


def test_every_class_is_compared_with_the_questions_that_ask_about_it() -> None:
    proposing = [one.proposes.keys() for one in LISTED.classes.values()]

    assert set().union(*proposing) <= OF_ROWS
    words = contradiction_words()
    for class_id, questions in (*words.by_dose.items(), *words.by_how_often.items()):
        assert set(questions) <= LISTED.classes[class_id].proposes.keys()


def test_question_without_an_answer_is_compared_only_when_no_more_is_coming() -> None:
    assert said({}, history=others(ECT_HELPED)) == []
    assert said({}, history=others(ECT_HELPED), is_final=True) == ["rows"]


@for_each(
    ("answers", "courses", "expected"),
    [
        ({"tms_last_sessions": 36}, (COURSE,), []),
        ({"tms_last_sessions": 30}, (COURSE,), ["rows"]),
        ({"tms_last_sessions": 30}, (COURSE, TmsCourse()), []),
        ({"tms_best_response": "remission"}, (COURSE,), []),
        ({"tms_best_response": "partial"}, (COURSE,), ["rows"]),
        ({"tms_best_response": "none"}, (TmsCourse(score_before=20, score_after=16),), []),
        ({"tms_best_response": "none"}, (TmsCourse(score_before=20, score_after=14),), ["rows"]),
        ({"tms_best_response": "none"}, (COURSE, TmsCourse()), []),
        ({"tms_best_response": "worse"}, (TmsCourse(score_before=9, score_after=12),), []),
    ],
)
def test_last_course_and_best_response_fit_their_rows(
    answers: dict[str, object], courses: tuple[TmsCourse, ...], expected: list[str]
) -> None:
    answered = {"tms_courses": len(courses), **answers}

    assert said(answered, history=History(tms_courses=courses)) == expected


@for_each(
    ("answered", "trials", "expected"),
    [
        (2, (FAILED, PARTLY), []),
        (1, (FAILED, PARTLY), []),
        (0, (FAILED, PARTLY), ["trials_few"]),
        (3, (FAILED, PARTLY, ADDED), ["trials_many"]),
        (2, (FAILED, FAILED.model_copy(update={"result": "remission"})), ["trials_many"]),
        (2, (FAILED, BARE), ["trials_open"]),
        (1, (FAILED, BARE), []),
        (3, (), []),
    ],
)
def test_number_of_trials_fits_its_rows(
    answered: int, trials: tuple[DrugTrial, ...], expected: list[str]
) -> None:
    assert said({"antidepressant_trials": answered}, history=History(trials=trials)) == expected


@for_each(
    ("code", "specifier", "answers", "expected"),
    [
        ("F33.2 (ICD-10-CM)", "severe, with anxious distress", {"phq9": {"total": 21}}, []),
        ("F33.2", "", {"diagnosis": "bipolar"}, ["code_diagnosis"]),
        ("F31.4", "", {"diagnosis": "mdd"}, ["code_diagnosis"]),
        ("F31.4", "", {"diagnosis": "bipolar"}, []),
        ("F33.1", "moderate", {"phq9": {"total": 17}}, ["code_severity"]),
        ("F33.1", "moderate", {"phq9": {"total": 14}}, []),
        ("f331", "moderate to severe", {"phq9": {"total": 10}}, []),
        ("F33.1", "severe", {}, ["code_specifier"]),
        ("F33.2", "single episode", {}, ["code_specifier"]),
        ("F32.2", "recurrent", {}, ["code_specifier"]),
        ("F32.9", "recurrent", {}, ["code_specifier"]),
        ("F33.2", "", {"psychosis": "current"}, ["code_psychosis"]),
        ("F33.3", "", {"psychosis": "none"}, ["code_psychosis"]),
        ("F33.42", "", {"phq9": {"total": 20}}, ["code_severity"]),
        ("F33.41", "in partial remission", {"phq9": {"total": 10}}, []),
        ("F32.A", "recurrent", {}, []),
        ("F32.89", "recurrent", {}, []),
        ("296.33", "single", {"phq9": {"total": 3}}, []),
        ("", "single", {"phq9": {"total": 3}}, []),
    ],
)
def test_code_fits_what_is_said_besides(
    code: str, specifier: str, answers: dict[str, object], expected: list[str]
) -> None:
    assert said(answers, diagnosis_code=code, specifier=specifier) == expected


@for_each(
    ("needed", "how_soon", "plan_in", "reply_in", "expected"),
    [
        ("days", "days", 7, 7, []),
        ("days", "days", 86, 4, ["plan_answer"]),
        ("days_safety", "", 8, None, ["plan_answer"]),
        ("weeks", "weeks", 22, None, ["plan_answer"]),
        ("can_wait", "can_wait", 42, None, []),
        ("days", "weeks", None, None, ["letter_answer"]),
        ("weeks", "days", 10, None, ["plan_letter"]),
        ("weeks", "days", None, 8, ["reply_letter"]),
        ("unknown", "not_known", 86, 86, []),
    ],
)
def test_days_fit_the_urgency(
    needed: str, how_soon: str, plan_in: int | None, reply_in: int | None, expected: list[str]
) -> None:
    days: dict[str, Any] = {
        name: None if ahead is None else TODAY + timedelta(days=ahead)
        for name, ahead in (("first_planned", plan_in), ("reply_by", reply_in))
    }

    assert said({"speed_needed": needed}, how_soon=how_soon, **days) == expected


def test_words_name_values_that_the_editions_have() -> None:
    words = contradiction_words()

    for edition in map(load_edition, edition_ids()):
        questions = edition.questionnaire
        for name, treated in words.treated.items():
            assert not questions.has_question(name) or (
                treated.answers.keys() <= questions.question(name).values
            )
        instrument = questions.question("phq9").instrument
        assert instrument is not None
        bands = {one.id for one in instrument.bands}
        diagnoses = questions.question("diagnosis").values
        for code in words.codes.values():
            assert set(code.diagnosis) <= diagnoses
            assert set(code.severity) <= bands
