"""What page one says of the answers: no more, and nothing that was not answered so."""

from __future__ import annotations

import pytest

from decisions.documents.letter.compose import compose_letter
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import Facts, Request
from decisions.documents.letter.treatment_history import (
    DrugTrial,
    History,
    OtherTreatment,
    TmsCourse,
)
from decisions.rules.engine.answers_in_words import describe_answers
from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.documents.letter.five_cases import MADE
from tests.decisions.letters.letter_factories import (
    EDITION,
    FACTS,
    compose,
    decided,
    material,
    text_of,
    vignettes,
)

KETAMINE = Request(kind="assess", option="ketamine", how_soon="weeks")


@for_each(
    ("question", "name"),
    [
        ("tms_tolerability", "How TMS was tolerated."),
        ("tms_benefit_months", "Months of benefit."),
        ("antidepressant_now", "Antidepressant now."),
        ("preference", "What the patient prefers."),
    ],
)
def test_question_that_nobody_answered_is_named_among_what_is_not_known(
    question: str, name: str
) -> None:
    whole = MADE[2]()
    answers = {key: value for key, value in whole.decided.answers.items() if key != question}

    letter = compose(whole.model_copy(update={"decided": decided(answers)}))

    assert text_of(letter, "unknown") == f"Not known to us {name}"


def test_page_one_says_of_nothing_left_out_that_it_is_answered() -> None:
    whole = MADE[2]()

    letter = compose(whole.model_copy(update={"left_out": ("withdrawal_now",)}))

    assert text_of(letter, "unknown") == "Not known to us Apart from what is left out: nothing."


def test_help_that_is_there_is_not_among_items_in_which_nothing_was_found() -> None:
    said_of = {}
    for answer in ("yes", "no"):
        answers = {**vignettes()["responder-relapsed"], "escort": answer}
        letter = compose(material(answers, request=KETAMINE))
        said_of[answer] = text_of(letter, "ketamine_safety")

    found, _, there = said_of["yes"].partition("In place: ")
    assert there.startswith("someone to bring the patient home")
    assert "someone to bring the patient home" not in found
    assert "Someone to bring the patient home: no." in said_of["no"]


def test_aneurysm_that_is_not_only_outside_the_head_is_said() -> None:
    answers = {"vascular_disease": "yes", "vascular_outside_head": "no"}

    letter = compose(material({**vignettes()["responder-relapsed"], **answers}))

    assert "aneurysm only outside the head: no" in text_of(letter, "findings")


def test_one_known_value_of_blood_pressure_is_said() -> None:
    answers = {**vignettes()["responder-relapsed"], "bp_systolic": "unknown", "bp_diastolic": 112}

    text = text_of(compose(material(answers, request=KETAMINE)), "ketamine_safety")

    assert "Diastolic blood pressure: 112" in text
    assert "Not known: systolic blood pressure" in text


@pytest.mark.parametrize("question", ["ect_history", "preference"])
def test_what_was_asked_and_is_not_known_is_said_on_page_one(question: str) -> None:
    answers = {**vignettes()["responder-relapsed"], question: "unknown"}

    letter = compose(material(answers))

    name = question_names(EDITION)[question]
    assert name.lower() in text_of(letter, "unknown").lower()


def test_the_annex_names_everything_that_is_not_known_where_page_one_has_no_room() -> None:
    few = {**vignettes()["responder-relapsed"], "ect_history": "unknown"}
    many = {**few, **dict.fromkeys(("preference", "daily_visits", "tms_access"), "unknown")}

    of_few, of_many = compose(material(few)), compose(material(many, facts=Facts()))

    assert "more (annex)" not in text_of(of_few, "unknown")
    assert "earlier ECT" not in text_of(of_few, "uncertain")
    assert "more (annex)" in text_of(of_many, "unknown")
    for name in ("earlier ECT", "what the patient prefers", "access to TMS"):
        assert name in text_of(of_many, "uncertain")


def test_row_of_ect_goes_before_an_answer_that_it_is_not_known() -> None:
    answers = {**vignettes()["responder-relapsed"], "ect_history": "unknown"}
    history = History(others=(OtherTreatment(kind="ect", number=8),))

    letter = compose(material(answers, history=history))

    assert "ECT, 8 sessions" in text_of(letter, "tried")
    for block in ("unknown", "others", "uncertain"):
        assert "arlier ECT" not in text_of(letter, block)


def test_advice_is_asked_for_as_such() -> None:
    request = Request(kind="advise", option="both", how_soon="not_known")

    letter = compose(material(request=request))

    asked = text_of(letter, "asked")
    assert "please advise on TMS together with ketamine or esketamine for" in letter.request
    assert ", urgency not known: " in letter.request
    assert "1. Please tell us what you advise, and why (555-0100)." in asked
    assert "you accept" not in asked
    assert "Both stop" not in asked


def test_no_medicines_listed_beside_an_antidepressant_taken_says_so() -> None:
    answers = {**vignettes()["responder-relapsed"], "antidepressant_now": "taking"}

    letter = compose(
        material(
            answers,
            facts=FACTS.model_copy(update={"medicines": ""}),
            history=History(none_of=("medicines",)),
        )
    )

    assert "No medicines. An antidepressant is taken now." in text_of(letter, "medicines_now")


def test_trial_before_this_episode_says_so_on_page_one() -> None:
    trial = DrugTrial(drug="sertraline", episode="earlier", result="none")

    letter = compose(material(history=History(trials=(trial,))))

    assert "Sertraline, before this episode: no relief" in text_of(letter, "tried")


@pytest.mark.parametrize(
    ("code", "course"),
    [
        ("F32.2", "single episode"),
        ("F33.1 (ICD-10-CM)", "recurrent"),
        ("F32.A", ""),
        ("F32.89", ""),
    ],
)
def test_course_is_said_where_the_code_says_it(code: str, course: str) -> None:
    letter = compose(material(facts=FACTS.model_copy(update={"diagnosis_code": code})))

    text = text_of(letter, "diagnosis")
    said = [one for one in ("single episode", "recurrent") if one in text]
    assert said == [course] * bool(course)


def test_the_latest_courses_stand_on_page_one_and_scores_off_their_scale_are_marked() -> None:
    courses = (
        TmsCourse(started="2025", score_before=40, score_after=9, scale="phq9"),
        TmsCourse(started="2024", sessions=30),
        TmsCourse(started="2020", sessions=20),
    )

    text = text_of(compose(material(history=History(tms_courses=courses))), "why_now")

    assert "From 2024: 30 sessions. From 2025: PHQ-9 from 40 to 9 (outside of the scale)." in text
    assert "Earlier courses, in the annex: 1." in text
    assert "20 sessions" not in text


def test_under_an_older_edition_relief_within_days_says_safety_as_it_was_answered() -> None:
    older = load_edition("2026.1")
    answers = {
        name: raw
        for name, raw in vignettes()["responder-relapsed"].items()
        if older.questionnaire.has_question(name)
    } | {"speed_needed": "days"}
    request = Request(kind="assess", option="ketamine", how_soon="days")
    read = Answers.read(older.questionnaire, answers)
    made = decided(answers).model_copy(
        update={
            "in_words": describe_answers(older, read),
            "outcome": decide(older, read, load_dossier()),
        }
    )

    letter = compose_letter(
        edition=older,
        words=load_words("2026.1"),
        names=question_names("2026.1"),
        material=material(decided=made, request=request),
    )

    assert "needed within days: function or safety is failing." in text_of(letter, "why_now")


def test_insurer_finds_member_and_product_on_page_one_and_that_no_criteria_are_answered() -> None:
    insured = {"payer": "Example Plan", "member_number": "X 1", "product": "esketamine; S0013"}

    letter = compose(material(facts=FACTS.model_copy(update=insured)))

    assert (
        "Payer: Example Plan. Member number: X 1. Product and codes, as typed: esketamine; S0013."
        in letter.patient_details
    )
    assert "No criteria of a payer are answered" in text_of(letter, "insurer")
    assert "insurer" not in [one.id for one in compose(material()).annex]


def test_no_to_a_narrow_question_is_not_printed_as_no_to_a_wide_one() -> None:
    text = text_of(compose(material(request=KETAMINE)), "ketamine_safety")

    for asked in (
        "moderate or severe liver disease",
        "severe lung disease or untreated sleep apnea",
        "allergy or serious reaction to ketamine",
    ):
        assert asked in text
    assert "none or mild" not in text


def test_unanswered_is_never_said_as_not_known() -> None:
    """What nobody was asked and what nobody knows stay apart to the last line."""
    known = {**vignettes()["responder-relapsed"]}
    open_ones = {k: v for k, v in known.items() if k not in ("antidepressant_now", "medicines")}
    unknown = {**known, "antidepressant_now": "unknown", "medicines": "unknown"}

    for answers, words in ((open_ones, "not assessed"), (unknown, "not known")):
        text = text_of(compose(material(answers)), "medical")
        assert f"An antidepressant now: {words}." in text
        assert f"Medicine classes: {words}." in text
