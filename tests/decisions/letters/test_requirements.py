"""What a letter must hold, by the id of each requirement. Others stand beside their subject:

L-01, S-62 test_recipients; L-03, L-10, L-11, L-15, L-19 test_letter; L-05, L-06, L-07, L-12
tests/decisions/treatment_history; L-14, L-20 test_sharing; L-25 test_five_cases.
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
from tests.decisions.letters.letter_factories import (
    ASSESSED,
    EDITION,
    SENDER,
    compose,
    material,
    missing,
    signed_issue,
    vignettes,
)
from tests.decisions.letters.letter_factories import text_of as text
from tests.decisions.letters.pdf_reading import draw, pages_of, run_together, signed_letter
from tests.decisions.letters.stored_letters import fingerprint_of, make_draft, make_signed, sign

WHOLE = vignettes()["responder-relapsed"]
BOTH = Request(kind="assess", option="both", how_soon="weeks")


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
    for part in ("born 14 March 1984", "clinic number 0042", "Contact: 555-0103"):
        assert part in letter.patient_details
    assert "English, no interpreter" in text(letter, "patient")
    assert "Accessibility: none needed" in text(letter, "patient")
    assert "Emergency contact: Toni Testcase, 555-0102" in text(letter, "patient")


def test_l03_request_stands_in_the_first_lines_of_the_page(letter: Letter) -> None:
    first = run_together(pages_of(draw(letter))[0])

    assert first.index(run_together(letter.request)) < first.index("DiagnosisMajor")


def test_l04_diagnosis_has_code_specifier_start_severity_and_its_source(letter: Letter) -> None:
    assert text(letter, "diagnosis") == (
        "Diagnosis Major depressive disorder, recurrent, with anxious distress; "
        "F33.1 (ICD-10-CM); PHQ-9 15 of 27, moderately severe (20 Nov 2026). "
        "Episode since March 2026."
    )
    assert "Diagnosed by Dr. A. Sample, clinical interview" in text(letter, "patient")


def test_l08_suicide_risk_has_day_method_finding_plans_and_item9_with_its_limits() -> None:
    follow_up = FollowUp(closed_on=ASSESSED, assessment="Asked in person.", agreed="Plan made.")
    of = {
        asked: text(compose(material(follow_up=asked)), "safety_today")
        for asked in (None, follow_up)
    }

    assert "No suicidal thoughts (20 Nov 2026, interview). PHQ-9 item 9: 0 of 3," in of[None]
    assert "which does not rule risk out. Safety plan in place." in of[None]
    assert "Until you answer, the patient stays in my care." in of[None]
    assert "Asked in person. Agreed: Plan made." in of[follow_up]
    told = re.compile(r"committed|successful|failed|completed suicide", re.IGNORECASE)
    assert not any(told.search(one) for one in of.values())
    assert "hether means safety was discussed" in text(compose(material()), "unknown")


def test_l09_each_condition_is_yes_no_or_not_assessed(letter: Letter) -> None:
    found = text(letter, "psychiatric")

    assert "Nothing found: psychotic symptoms; mania or hypomania now; mixed" in found
    assert all(one.lower() in found.lower() for one in load_words().ticked.values())
    assert "Not assessed: eating disorder." in found


@for_each(
    ("phq9", "told"),
    [
        ({"total": 15}, "item 9: not recorded, which does not rule risk out."),
        ({"total": 0}, "item 9: not recorded, which does not rule risk out."),
        ({"total": 27}, "item 9: at least 3 of 3, by the total."),
        ({"items": [2, 2, 2, 2, 2, 2, 2, 1, None]}, "item 9: not recorded, which does not"),
        ({"total": 15, "item9": 0}, "item 9: 0 of 3, which does not rule risk out."),
        ({"total": 15, "item9": 1}, "item 9: 1 of 3. "),
        (None, ""),
    ],
)
def test_l08_item9_that_is_not_recorded_is_named(phq9: dict[str, Any] | None, told: str) -> None:
    answers = {**WHOLE, "phq9": phq9}
    said = text(compose(material(answers=answers)), "safety_today")

    assert told in said
    assert ("item 9" in said) is (phq9 is not None)


@for_each("name", sorted(load_words().ticked))
def test_l09_condition_that_is_there_has_a_line_of_its_own_on_both_pages(name: str) -> None:
    letter = compose(material(answers={**WHOLE, "comorbidities": [name]}))

    line = f"{load_words().ticked[name]}: yes"
    assert line in text(letter, "psychiatric")
    assert line.lower() in text(letter, "findings").lower()


def test_l09_conditions_that_nobody_asked_about_are_not_no() -> None:
    letter = compose(material(answers={**WHOLE, "comorbidities": "unknown"}))

    assert "Not known: other conditions." in text(letter, "psychiatric")
    assert "other conditions" in text(letter, "unknown").lower()
    assert "obsessive" not in text(letter, "psychiatric")


def test_l13_history_pressure_and_pregnancy_have_their_day() -> None:
    letter = compose(material(request=Request(kind="assess", option="ketamine", how_soon="weeks")))

    screen = text(letter, "ketamine_safety")
    assert re.search(r"Blood pressure \d+/\d+ mmHg \(20 Nov 2026\)", screen)
    assert "pregnancy or breastfeeding (no, or not applicable)" in screen
    assert "20 November 2026" in letter.annex_heading
    assert "TSH normal in October 2026" in text(letter, "medical")


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
    assert f"Worked out by Kapnet (rules {EDITION}, evidence " in text(letter, "options")
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
    assert "Dr. B. Muster leads: calls go to 555-0101." in text(letter, "asked")
    assert "Both stop, and the lead is called, after a seizure" in text(letter, "asked")


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
