"""What a letter must hold, by the id of each requirement. Others stand beside their subject:

L-01, S-62 test_recipients; L-03, L-10, L-11, L-15, L-19 test_letter; L-05, L-06, L-07, L-12
tests/history; L-14, L-20 test_sharing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import Facts, FollowUp, Plan, Request
from decisions.letters.actions import LetterChangedError, save_draft, start_correction
from decisions.letters.forms import FactsForm, LetterForm
from decisions.letters.signing.actions import sign_letter
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.letters.letter_factories import (
    ASSESSED,
    EDITION,
    SENDER,
    compose,
    material,
    missing,
    signed_issue,
    vignettes,
)
from tests.letters.pdf_reading import draw, pages_of, run_together, signed_letter
from tests.letters.stored_letters import fingerprint_of, make_draft, make_signed, sign

WHOLE = vignettes()["responder-relapsed"]
BOTH = Request(kind="assess", option="both", how_soon="weeks")


def text(letter: Letter, block: str) -> str:
    return " ".join(one.text for one in letter.block(block).paragraphs)


def cells(letter: Letter, block: str) -> dict[str, str]:
    table = letter.block(block).table
    assert table is not None
    return {row[0]: row[1] for row in table.rows}


@pytest.fixture(scope="module")
def letter() -> Letter:
    return compose(material(issue=signed_issue()))


def test_l01_sender_date_number_and_page_are_printed(letter: Letter) -> None:
    head = " ".join((*letter.sender, *letter.dated))

    for part in (SENDER.name, "psychotherapist", "00000 (demo)", "Demo clinic", "555-0100"):
        assert part in head
    assert "secure mail" in head
    assert "23 November 2026" in head
    for place, page in enumerate(pages_of(draw(letter)), start=1):
        assert f"Page {place} of 2" in page
        assert "L-2026-0117" in page


def test_l02_patient_is_named_with_contact_language_and_needs(letter: Letter) -> None:
    assert letter.patient_name == "Maren Testcase"
    for part in ("born 14 March 1984", "clinic number 0042", "English, no interpreter"):
        assert part in letter.patient_details
    assert "Accessibility: none needed" in letter.patient_details
    assert "Contact: 555-0103" in letter.patient_details
    assert "Emergency contact: Toni Testcase, 555-0102" in text(letter, "medicines")


def test_l03_request_stands_in_the_first_lines_of_the_page(letter: Letter) -> None:
    first = run_together(pages_of(draw(letter))[0])

    assert first.index(run_together(letter.request)) < first.index("Whynow")


def test_l04_diagnosis_has_code_specifier_start_severity_and_its_source(letter: Letter) -> None:
    why = text(letter, "why_now")

    for part in ("F33.1 (ICD-10-CM)", "with anxious distress", "episode since: March 2026"):
        assert part in why
    assert "made by: Dr. A. Sample, clinical interview" in why
    assert "PHQ-9 15 of 27, moderately severe (20 November 2026)" in why


def test_l08_suicide_risk_has_day_method_finding_plans_and_item9_with_its_limits() -> None:
    follow_up = FollowUp(closed_on=ASSESSED, assessment="Asked in person.", agreed="Plan made.")

    said = text(compose(material(follow_up=follow_up)), "safety_today")

    for part in ("20 November 2026", "method: interview", "Safety plan: yes", "Means safety"):
        assert part in said
    assert "the item does not measure risk, and a zero does not rule risk out" in said
    assert "Assessment: Asked in person." in said
    assert not re.search(r"committed|successful|failed|completed suicide", said, re.IGNORECASE)


def test_l09_each_condition_is_yes_no_or_not_assessed(letter: Letter) -> None:
    found = cells(letter, "psychiatric")

    assert found["Psychotic symptoms"] == "Never"
    assert found["Mania or hypomania"] == "No"
    assert found["; ".join(load_words().ticked.values())] == "no"
    assert found["Eating disorder"] == "not assessed"


@for_each("name", sorted(load_words().ticked))
def test_l09_condition_that_is_there_has_a_row_of_its_own(name: str) -> None:
    answers = {**WHOLE, "comorbidities": [name]}
    ticked = dict(load_words().ticked)

    found = cells(compose(material(answers=answers)), "psychiatric")

    assert found[ticked.pop(name)] == "yes"
    assert found["; ".join(ticked.values())] == "no"


def test_l09_conditions_that_nobody_asked_about_are_not_no() -> None:
    answers = {**WHOLE, "comorbidities": "unknown"}

    found = cells(compose(material(answers=answers)), "psychiatric")

    assert "not known" in found["; ".join(load_words().ticked.values())]


def test_l13_history_pressure_and_pregnancy_have_their_day() -> None:
    letter = compose(material(request=Request(kind="assess", option="ketamine", how_soon="weeks")))

    table = letter.block("ketamine_safety").table
    assert table is not None
    assert table.columns[1] == "On 20 Nov 2026"
    assert cells(letter, "ketamine_safety")["Systolic blood pressure"].endswith("mmHg")
    assert cells(letter, "ketamine_safety")["Pregnancy or breastfeeding"]
    assert "TSH normal in October 2026" in text(letter, "medicines")


def test_l16_options_reasoning_sources_and_versions_are_printed(letter: Letter) -> None:
    table = letter.block("options").table

    assert table is not None
    assert [row[0] for row in table.rows] == [
        *("Ketamine", "Repeat TMS", "Both at once", "None of these now"),
    ]
    assert "well for eight months" in text(letter, "reasoning")
    assert re.search(r"\[\d", " ".join(" ".join(row) for row in table.rows))
    sources = text(letter, "sources")
    numbers = {
        int(one) for one in re.findall(r"\[([\d, ]+)\]", str(table.rows)) for one in one.split(",")
    }
    assert all(f"{number} " in sources for number in numbers)
    assert re.search(r"\((high|moderate|low|very low|not graded|guideline position); ", sources)
    assert f"Edition {EDITION}" in letter.foot
    assert "evidence" in letter.foot


def test_l17_what_is_not_known_is_listed() -> None:
    answers = {**WHOLE, "heart": "unknown"}

    said = text(compose(material(answers)), "uncertain")

    assert "rests mostly on small studies without controls" in said


@pytest.mark.parametrize("name", ["coordinator_name", "coordinator_phone"])
def test_l18_two_treatments_need_somebody_who_leads(name: str) -> None:
    lead = {"coordinator_name": "Dr. B. Muster", "coordinator_phone": "555-0101"}
    half = Plan(reasoning="R", **{**lead, name: ""})
    whole = Plan(reasoning="R", **lead)

    assert [one.id for one in missing(material(request=BOTH, plan=half))] == ["coordinator"]
    letter = compose(material(request=BOTH, plan=whole))
    assert "Dr. B. Muster leads and is the one to call: 555-0101." in text(letter, "asked")
    assert "Stop both and call the lead after a seizure" in text(letter, "coordination")


def test_l21_process_notes_have_no_path_into_a_letter() -> None:
    """No form asks for such notes, and each text that reaches a letter is named by its purpose."""
    kept = {*FactsForm.base_fields, *LetterForm.base_fields}
    reached = set(Facts.model_fields)

    assert not [name for name in (*kept, *reached) if "note" in name or "process" in name]
    assert "No psychotherapy process notes" in text(compose(material()), "consent")
    assert FactsForm.Meta.help_texts["other"] == "No psychotherapy process notes."


@pytest.mark.django_db
def test_l22_signature_fixes_name_time_zone_bytes_and_content(therapist: User) -> None:
    letter = make_draft(therapist)
    seen = fingerprint_of(letter, therapist)
    with clinic_of(therapist):
        save_draft(
            letter=letter,
            actor=therapist,
            values={"reasoning": "Changed meanwhile"},
            saved_at=letter.saved_at,
        )
        with pytest.raises(LetterChangedError):
            sign_letter(letter_id=letter.pk, actor=therapist, fingerprint=seen)

    signed = sign(letter, therapist)

    line = signed.content["signature"]["line"]
    words = signed.content["signature"]["words"]
    assert therapist.name in line
    assert re.search(r"\d{1,2}:\d\d \(UTC[+-]\d", words)
    assert timezone.now() - signed.signed_at < timedelta(minutes=5)  # type: ignore[operator]


@pytest.mark.django_db
def test_l22_correction_is_a_new_letter_that_replaces_and_says_why(therapist: User) -> None:
    first = make_signed(therapist)
    with clinic_of(therapist):
        draft = start_correction(letter=first, actor=therapist)
        values = {"replaces_because": "The dose was wrong"}
        save_draft(letter=draft, actor=therapist, values=values, saved_at=draft.saved_at)

    second = sign(draft, therapist)

    assert f"Replaces {first.number}: The dose was wrong" in str(second.content)
    assert second.number != first.number


@for_each("vignette", sorted(vignettes()))
def test_l23_no_letter_promises_or_claims_what_a_payer_decides(vignette: str) -> None:
    said = compose(material(vignettes()[vignette])).model_dump_json().lower()

    for word in ("success rate", "guarantee", "cures?", r"88\.8", "medicare", "meets criteria"):
        assert not re.search(rf"\b{word}\b", said)


@pytest.mark.slow
@pytest.mark.parametrize("option", ["ketamine", "repeat_tms", "both", "none_now"])
def test_l24_pdf_says_what_the_letter_says(option: Any) -> None:
    plan = Plan(
        reasoning="R",
        coordinator_name="Dr. B. Muster",
        coordinator_phone="555-0101",
        next_look_on=ASSESSED,
        next_look_by="Dr. A. Sample",
    )
    letter = signed_letter(
        request=Request(kind="assess", option=option, how_soon="weeks"), plan=plan
    )

    printed = "".join(pages_of(draw(letter)))

    for part in letter.texts:
        assert run_together(part) in run_together(printed)


def test_l25_twelve_questions_are_answered_by_the_letter_alone(letter: Letter) -> None:
    """Who, whom, what, how soon, why, severity, risk, trials, screen, medicines, doubt, reply."""
    answers = {
        "who writes": (letter.sender, "Dr. A. Sample"),
        "about whom": (letter.patient_name, "Maren Testcase"),
        "what is asked": (letter.request, "assess for a further course of TMS"),
        "how soon": (letter.request, "within two to three weeks"),
        "why now": (letter.request, "depression has returned after TMS"),
        "severity": (text(letter, "why_now"), "PHQ-9 15 of 27"),
        "risk": (text(letter, "safety_today"), "No suicidal thoughts"),
        "trials": (str(letter.block("trials").table), "Sertraline"),
        "contraindications": (str(letter.block("tms_safety").table), "Metal in or near the head"),
        "medicines": (text(letter, "medicines"), "Venlafaxine 225 mg"),
        "what is missing": (letter.block("uncertain").heading, "What is uncertain or missing"),
        "reply": (text(letter, "asked"), "whether you accept"),
    }

    for question, (where, answer) in answers.items():
        assert answer in str(where), question
