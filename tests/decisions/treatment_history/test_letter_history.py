"""Treatment history in the letter: each row as it is known, never blank (L-05 to L-07, L-12)."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.history_tables import gaps_of
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import Facts, Request
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.treatment_history import (
    Allergy,
    DrugTrial,
    EarlierScore,
    History,
    Medicine,
    OtherTreatment,
    TmsCourse,
)
from decisions.rules.question_names import question_names
from tests.decisions.letters.letter_factories import EDITION, FACTS, compose, material

COURSE = TmsCourse(
    started="March 2025",
    ended="May 2025",
    device="Figure-of-eight",
    target="left DLPFC",
    protocol="10 Hz",
    sessions=36,
    scale="phq9",
    score_before=21,
    score_before_on="March 2025",
    score_after=8,
    score_after_on="5/20/2025",
    lost_on="January 2026",
    adverse_events="headache",
    threshold="none",
    why_stopped="completed",
)
WHOLE = History(
    tms_courses=(COURSE,),
    trials=(
        DrugTrial(
            drug="Sertraline",
            drug_class="ssri",
            highest_dose="200 mg",
            weeks=10,
            adherence="taken",
            result="none",
            why_stopped="no effect",
            source="record",
        ),
    ),
    others=(
        OtherTreatment(
            kind="ect", details="bitemporal", number=12, started="2020", result="response"
        ),
        OtherTreatment(kind="psychotherapy", details="CBT", source="patient"),
    ),
    medicines=(Medicine(name="Venlafaxine", dose="225 mg", frequency="daily", since="May 2026"),),
    allergies=(Allergy(substance="Penicillin", reaction="rash"),),
    scores=(
        EarlierScore(scale="hamd17", score=22, taken="2023", moment="baseline"),
        EarlierScore(scale="madrs", taken="2024", is_incomplete=True),
    ),
)


NOTHING_NOTED = Facts()


def letter(history: History, facts: Facts = NOTHING_NOTED, **parts: Any) -> Letter:
    return compose(material(facts=facts, history=history, **parts))


def rows(of: Letter, block: str) -> tuple[tuple[str, ...], ...]:
    table = of.block(block).table
    assert table is not None
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert all(cell for row in table.rows for cell in row)
    return table.rows


def said(of: Letter, block: str) -> str:
    return " ".join(one.text for one in of.block(block).paragraphs)


def test_l05_earlier_scores_have_their_band_and_incomplete_ones_say_so() -> None:
    phq9 = EarlierScore(scale="phq9", score=21, taken="2025", moment="baseline")
    found = rows(letter(WHOLE.model_copy(update={"scores": (*WHOLE.scores, phq9)})), "scores")

    assert ("2023", "HAM-D 17, baseline", "22", "No band") in found
    assert ("2024", "MADRS", "not known", "Incomplete") in found
    assert ("2025", "PHQ-9, baseline", "21", "Severe") in found


def test_l06_course_says_everything_with_the_change_worked_out() -> None:
    (course,) = rows(letter(WHOLE), "tms_courses")

    assert course == (
        "Mar 2025 to May 2025",
        "Figure-of-eight; left DLPFC; 10 Hz",
        "36",
        "PHQ-9 21 (Mar 2025)",
        "PHQ-9 8 (20 May 2025), 62% better",
        "Jan 2026",
        "headache; none",
        "completed",
    )


def test_l06_course_of_which_nothing_is_known_is_never_blank() -> None:
    of = letter(History(tms_courses=(TmsCourse(), COURSE)))

    unknown, _ = rows(of, "tms_courses")
    assert set(unknown) == {"–"}
    assert "– means not known." in said(of, "tms_courses")
    assert "As answered: 1 course" in said(of, "tms_courses")


def test_columns_of_which_nothing_is_known_are_named_once() -> None:
    of = letter(History(tms_courses=(TmsCourse(started="2021", sessions=30),)))

    table = of.block("tms_courses").table
    assert table is not None
    assert table.columns == ("When", "Sessions")
    assert (
        "Not known for any of these: coil, target and protocol; score before; score after"
        in said(of, "tms_courses")
    )


@pytest.mark.parametrize(
    ("before", "after", "change"), [(20, 10, 50), (20, 25, -25), (0, 5, None), (20, None, None)]
)
def test_change_is_worked_out_only_from_two_scores(
    before: int, after: int | None, change: int | None
) -> None:
    course = TmsCourse(score_before=before, score_after=after)

    assert course.percent_better == change


def test_l07_trials_of_this_episode_stand_apart_from_earlier_ones_and_from_other_treatments() -> (
    None
):
    by_row = DrugTrial(drug="Lithium", episode="earlier")
    by_day = DrugTrial(
        drug="Fluoxetine", started="2019", ended="2020", scale="phq9", score_before=20
    )
    history = WHOLE.model_copy(update={"trials": (by_row, *WHOLE.trials, by_day)})

    of = letter(history, Facts(episode_start="March 2026"))

    assert rows(of, "trials") == (
        (
            *("Sertraline (SSRI)", "200 mg", "10", "as prescribed", "no relief"),
            *("no effect", "record"),
        ),
    )
    assert [row[0] for row in rows(of, "earlier_trials")] == ["Lithium", "Fluoxetine"]
    ect, therapy = rows(of, "others")
    assert ect == ("ECT", "bitemporal", "12", "2020", "response", "–")
    assert therapy[:2] == ("Psychotherapy", "CBT")
    first = [one.text for one in of.block("tried").items]
    assert first[:3] == [
        "ECT, bitemporal, 12 sessions, from 2020: response",
        "Psychotherapy, CBT: result not known",
        "Sertraline 200 mg, 10 weeks: no relief (no effect)",
    ]


def test_l12_medicines_have_dose_route_frequency_and_since_and_allergies_their_reaction() -> None:
    nasal = Medicine(name="Oxytocin", route="nasal")
    whole = WHOLE.model_copy(
        update={
            "medicines": (*WHOLE.medicines, nasal),
            "allergies": (*WHOLE.allergies, Allergy(substance="latex")),
        }
    )

    of = letter(whole)

    assert rows(of, "medicines") == (
        ("Venlafaxine", "225 mg", "–", "daily", "May 2026"),
        ("Oxytocin", "–", "nasal", "–", "–"),
    )
    assert said(of, "medicines_now") == (
        "Venlafaxine 225 mg daily; Oxytocin nasal. "
        "Allergies: Penicillin (rash); latex (reaction not known)."
    )


def test_none_is_said_only_where_somebody_said_so() -> None:
    none = letter(History(none_of=("allergies", "medicines")))

    assert said(none, "medicines_now") == (
        "No medicines. An antidepressant is taken now. No allergies."
    )
    assert "Allergies: not known" in said(letter(History()), "medicines_now")


def test_what_was_noted_before_stays_beside_the_rows() -> None:
    of = letter(WHOLE, FACTS)

    assert "Also noted: left dorsolateral; 10 Hz; March to May 2025" in said(of, "tms_courses")
    assert "Also noted: Sertraline; 200 mg" in said(of, "trials")
    assert "Earlier scores (baseline, best): 21 before TMS" in said(of, "scores")
    assert "Venlafaxine 225 mg daily; Venlafaxine 225 mg daily since May" in said(
        of, "medicines_now"
    )
    assert "Also noted: Venlafaxine 225 mg daily" in said(of, "medicines")


def test_facts_that_rows_say_are_not_called_missing() -> None:
    assert "current doses" in said(letter(History()), "uncertain")
    text = said(letter(WHOLE), "uncertain")
    for name in ("current doses", "medicines tried", "allergies", "earlier scores"):
        assert name not in text


def test_gaps_are_named_and_block_nothing() -> None:
    history = History(
        tms_courses=(TmsCourse(), COURSE),
        trials=(DrugTrial(drug="Sertraline", weeks=0, result="none"),),
        medicines=(Medicine(name="Lithium"),),
    )
    sayings = Sayings(material(history=history), load_words(EDITION), question_names(EDITION))

    assert list(gaps_of(sayings)) == [
        "No dose of Sertraline",
        "No dose of Lithium",
        "No scores before and after TMS course 1, so that no change is printed",
    ]


def test_every_reader_gets_the_courses_of_tms_on_page_one_and_in_the_annex() -> None:
    for option in ("ketamine", "repeat_tms", "both", "none_now"):
        request = Request.model_validate({"kind": "assess", "option": option, "how_soon": "weeks"})

        of = letter(WHOLE, request=request)

        assert rows(of, "tms_courses")
        assert said(of, "why_now").startswith(
            "TMS: 1 course, best result: response (half better or more), held 8 months. "
            "March 2025 to May 2025: 36 sessions, left DLPFC, 10 Hz, PHQ-9 from 21 to 8, "
            "benefit lost January 2026."
        )


EVERY_SCALE = load_words(EDITION).history.choices["scales"]


def test_s67_every_scale_but_the_other_one_has_its_range() -> None:
    assert set(EVERY_SCALE) - {"other"} == set(load_words(EDITION).history.ranges)


@pytest.mark.parametrize("scale", sorted(set(EVERY_SCALE) - {"other"}))
def test_s67_score_outside_of_its_scale_is_named_and_never_called_better(scale: str) -> None:
    highest = load_words(EDITION).history.ranges[scale].highest
    course = TmsCourse(scale=scale, score_before=highest + 1, score_after=4)
    within = TmsCourse(scale=scale, score_before=highest, score_after=0)
    score = EarlierScore(scale=scale, score=highest + 1)

    told = letter(History(tms_courses=(course, within), scores=(score,)))
    doubted, right = rows(told, "tms_courses")

    assert "outside of the scale" in doubted[1]
    assert "better" not in doubted[2]
    assert right[1:3] == (
        f"{EVERY_SCALE[scale]} {highest}",
        f"{EVERY_SCALE[scale]} 0, 100% better",
    )
    assert ("not known", EVERY_SCALE[scale], str(highest + 1), "outside of the scale") in rows(
        told, "scores"
    )
    found = gaps(History(tms_courses=(course, within), scores=(score,)))
    assert len([one for one in found if f"goes from 0 to {highest}" in one]) == 2


def test_s67_days_that_cannot_be_are_named_before_signing() -> None:
    course = COURSE.model_copy(
        update={"started": "1979", "score_before_on": "2025-06", "score_after_on": "2025-05"}
    )
    history = History(tms_courses=(course,), medicines=(Medicine(name="Lithium", since="2999"),))

    found = " ".join(gaps(history))
    (row,) = rows(letter(history), "tms_courses")

    assert "TMS course 1, 1979: this cannot be right. It lies before the patient’s birth" in found
    assert "TMS course 1, May 2025: this cannot be right. It lies before the score before" in found
    assert "Lithium, 2999: this cannot be right. This day is still to come" in found
    assert "better" not in " ".join(row)


def gaps(history: History) -> list[str]:
    sayings = Sayings(material(history=history), load_words(EDITION), question_names(EDITION))
    return list(gaps_of(sayings))
