"""The letter as data: every vignette, every wording, nothing blank, nothing promised."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.material import Facts, Patient, Plan, Recipient, Request
from decisions.documents.letter.phrasing import MOST_SOURCES
from decisions.letters.forms import SignForm
from decisions.letters.presenters import present_letter
from decisions.letters.signing.confirming import Confirmation
from decisions.rules.logic.plain_values import tidy
from tests.collecting import for_each
from tests.decisions.letters.letter_factories import (
    FACTS,
    compose,
    decided,
    material,
    signed_issue,
    text_of,
    vignettes,
)

PROMISES = re.compile(
    r"\b(cure|guarantee|success rate|safe and effective|will respond|proven|recommended)\b|%|88\.8",
    re.IGNORECASE,
)
EVERY_TEXT = "\n".join
KETAMINE = Request(kind="assess", option="ketamine", how_soon="weeks")


def said(letter: Letter) -> str:
    return EVERY_TEXT(letter.texts)


@for_each("vignette", sorted(vignettes()))
def test_letter_of_every_vignette_is_whole_and_promises_nothing(vignette: str) -> None:
    letter = compose(material(vignettes()[vignette], facts=Facts()))

    assert all(
        block.paragraphs or block.table or block.items for block in (*letter.blocks, *letter.annex)
    )
    assert all(text.strip() for text in letter.texts)
    assert not PROMISES.search(said(letter).replace("unproven", ""))
    assert "{" not in said(letter)


@for_each("vignette", sorted(vignettes()))
def test_all_four_options_stand_in_their_order(vignette: str) -> None:
    table = compose(material(vignettes()[vignette])).block("options").table

    assert table is not None
    assert [row[0] for row in table.rows][::2] == ["Ketamine", "Both at once"]
    assert table.rows[1][0] in ("Repeat TMS", "TMS (a first course)")
    assert table.rows[3][0] == "None of these now"
    assert all(cell for row in table.rows for cell in row)


def test_an_attempt_is_said_with_whether_it_was_assessed_since() -> None:
    said_of = {
        name: text_of(compose(material(vignettes()[name])), "safety_today")
        for name in ("attempt-assessed", "responder-relapsed")
    }

    assert (
        "Assessed by a psychiatrist since, with a safety plan: yes." in said_of["attempt-assessed"]
    )
    assert "Assessed by a psychiatrist since" not in said_of["responder-relapsed"]


def test_both_says_what_has_not_been_asked_yet() -> None:
    answers = {**vignettes()["open-preference"]}
    del answers["preference"]
    unknown = {**answers, "preference": "unknown"}

    findings = []
    for one in (answers, unknown):
        table = compose(material(one)).block("options").table
        assert table is not None
        findings.append(table.rows[2][1])

    assert "Held back: not asked yet: what the patient prefers" in findings[0]
    assert "Held back: not known: what the patient prefers" in findings[1]


def test_request_says_what_for_which_option_how_soon_and_why() -> None:
    letter = compose(material())

    assert letter.request == (
        "Dr. D. Beispiel (TMS provider): please assess Maren Testcase, 42, for a further course "
        "of TMS, within two to three weeks: depression has returned after TMS. "
        "Please answer by 30 November 2026."
    )


@for_each(
    ("changes", "option", "words"),
    [
        ({"tms_now": "yes"}, "both", "together with the TMS under way"),
        (
            {"tms_now": "yes"},
            "repeat_tms",
            "please continue the course of TMS that is under way for",
        ),
        ({"tms_courses": 0}, "repeat_tms", "a first course of TMS"),
        ({"tms_best_response": "none"}, "ketamine", "TMS has brought little relief"),
        ({"tms_best_response": "unknown"}, "ketamine", "how TMS worked is not known"),
        ({}, "none_now", "care other than ketamine or TMS"),
    ],
)
def test_request_fits_the_history(changes: dict[str, Any], option: Any, words: str) -> None:
    answers = {**vignettes()["responder-relapsed"], **changes}
    request = Request(kind="treat", option=option, how_soon="days")

    assert words in compose(material(answers, request=request)).request


def test_without_earlier_tms_it_is_a_first_course() -> None:
    letter = compose(material({**vignettes()["responder-relapsed"], "tms_courses": 0}))

    table = letter.block("options").table
    assert table is not None
    assert table.rows[1][0] == "TMS (a first course)"
    assert "Repeat TMS" not in said(letter)
    assert "No earlier TMS." in text_of(letter, "why_now")
    assert "No earlier course of TMS." in text_of(letter, "tms_courses")


def test_nothing_known_is_one_list_and_never_a_blank() -> None:
    letter = compose(material({}, facts=Facts(), patient=Patient(name="M. T."), plan=Plan()))

    tables = [block.table for block in letter.annex if block.table]
    assert all(cell for table in tables for row in table.rows for cell in row)
    assert "date of birth not known" in letter.patient_details
    assert "Allergies: not known" in text_of(letter, "medicines_now")
    assert "more (annex)" in text_of(letter, "unknown")
    assert "not known, not known" not in said(letter)


def test_not_known_and_not_assessed_stay_apart() -> None:
    answers = {**vignettes()["responder-relapsed"], "heart": "unknown"}
    del answers["liver"]

    text = text_of(compose(material(answers, request=KETAMINE)), "ketamine_safety")

    assert "Not known: heart disease." in text
    assert "Not assessed: liver disease." in text


def test_what_was_left_to_a_reader_stands_in_one_line_and_is_no_finding() -> None:
    left = dict.fromkeys(("heart", "liver"), "left_to_prescriber")
    answers = {**vignettes()["responder-relapsed"], **left, "bladder": "unknown"}

    letter = compose(material(answers, request=KETAMINE))

    text = text_of(letter, "ketamine_safety")
    assert "Not known: bladder disease." in text
    line = "Not asked here, left to the prescriber: heart disease; liver disease."
    assert line in text
    assert line in text_of(letter, "uncertain")
    assert "rules say: bladder disease" in text_of(letter, "uncertain")
    assert "Left to the prescriber: heart disease; liver disease." in text_of(letter, "unknown")
    assert "heart" not in text_of(letter, "findings")
    assert "Please complete what is not known" in text_of(letter, "asked")


def test_partial_form_has_no_total() -> None:
    answers = {**vignettes()["responder-relapsed"], "phq9": {"items": [2] * 8 + [None]}}

    table = compose(material(answers)).block("scores").table

    assert table is not None
    assert table.rows[0][2:] == ("8 of 9 items, no total", "Incomplete")


def test_day_stands_only_beside_an_answer_of_another_day() -> None:
    made = decided({**vignettes()["responder-relapsed"], "bladder": "yes"})
    days = {**made.assessed_on, "bladder": date(2026, 11, 1)}
    made = made.model_copy(update={"assessed_on": days})

    letter = compose(material(decided=made, request=KETAMINE))

    text = text_of(letter, "ketamine_safety")
    assert "Bladder disease: yes (1 Nov 2026)." in text
    assert "heart disease (" not in text
    assert "20 November 2026" in letter.annex_heading


def test_sources_are_numbered_as_cited_and_no_more_than_eight() -> None:
    letter = compose(material())
    cited = {
        int(number)
        for text in letter.texts
        for group in re.findall(r"\[([\d, ]+)\]", text)
        for number in group.split(",")
    }

    numbered = [int(one.text.split()[0]) for one in letter.block("sources").items]

    assert numbered == sorted(cited) == list(range(1, len(cited) + 1))
    assert len(numbered) == MOST_SOURCES
    assert "more sources" in text_of(letter, "sources")


@for_each(
    ("lead", "words"),
    [
        ("Dr. B. Muster", "Dr. B. Muster leads: calls go to 555-0101."),
        ("Dr. D. Beispiel", "You lead: calls go to you (555-0101)."),
        ("Dr. A. Sample", "I lead: calls go to me (555-0101)."),
    ],
)
def test_both_says_who_leads_to_each_in_their_person_and_when_to_stop(
    lead: str, words: str
) -> None:
    plan = Plan(reasoning="R", coordinator_name=lead, coordinator_phone="555-0101")
    request = Request(kind="assess", option="both", how_soon="weeks")

    letter = compose(material(request=request, plan=plan))

    assert words in text_of(letter, "asked")
    assert "Both stop, and the lead is called, after" in text_of(letter, "asked")
    assert "Both together is unproven" in text_of(letter, "findings")
    assert "no randomized trial of the two together was found" in said(letter)


def test_each_copy_says_what_it_is_for() -> None:
    copies = "Dr. F. Familie: please watch blood pressure; Clinic Two"

    letter = compose(material(recipient=Recipient(name="Dr. D. Beispiel", copies=copies)))

    asked = text_of(letter, "asked")
    assert "Copy to Dr. F. Familie: please watch blood pressure." in asked
    assert "Copy to Clinic Two: for information." in asked
    assert "Copy: Dr. F. Familie; Clinic Two" in letter.recipient


def test_emergency_stands_above_the_request_with_what_was_measured_and_done() -> None:
    answers = {
        **vignettes()["responder-relapsed"],
        "suicide_risk": "plan_or_intent",
        "bp_systolic": 198,
        "bp_diastolic": 118,
    }
    done = Plan(act_first_done="Seen in the emergency room")
    asked = Request(kind="assess", option="ketamine", how_soon="days")

    letter = compose(material(answers, plan=done, request=asked))
    risk, pressure, what = (one.text for one in letter.emergency)

    assert risk.startswith("Act first: Suicidal intent")
    assert "Suicide risk today: active thoughts with plan or intent (20 Nov 2026)." in risk
    assert "Blood pressure 198/118 mmHg (20 Nov 2026)" in pressure
    assert "118 mmHg (20 Nov 2026)" in pressure
    assert what == "What was done about it: Seen in the emergency room."
    assert letter.texts.index(risk) < letter.texts.index(letter.request)
    assert "Act first" not in str(letter.block("safety_today"))


def test_emergency_of_today_has_its_values() -> None:
    high = {**vignettes()["responder-relapsed"], "bp_systolic": 200}
    (today,) = decided(high).outcome.urgent
    measured = {today.because: ("Systolic 200 mmHg (23 November 2026).",)}

    letter = compose(material(urgent_now=(today,), measured_now=measured))

    said = f"Act first: {today.because} Systolic 200 mmHg (23 November 2026)."
    assert letter.emergency[0].text == said
    assert "emergency" not in compose(material()).model_dump()


def test_option_that_is_not_suitable_is_asked_for_in_words_that_say_so() -> None:
    answers = {**vignettes()["responder-relapsed"], "bp_systolic": 198}
    ketamine = Request(kind="assess", option="ketamine", how_soon="days")

    held = compose(material(answers, request=ketamine))
    other = compose(material(answers))

    assert held.request.endswith(". Not suitable now: blood pressure above 180/100 mmHg.")
    assert "Not suitable" not in other.request


def test_prescriber_of_ketamine_reads_of_devices_seizures_in_tms_and_the_threshold() -> None:
    answers = {
        **vignettes()["responder-relapsed"],
        "implanted_device": "chest",
        "tms_seizure": "yes",
        "threshold_factors": "unknown",
    }

    letter = compose(material(answers, request=KETAMINE))

    assert "implanted electronic device: pacemaker or defibrillator" in text_of(letter, "findings")
    assert "seizure during TMS: yes" in text_of(letter, "findings")
    assert "leep loss or certain medicines" in text_of(letter, "unknown")


def test_signature_and_seal_follow_the_content() -> None:
    draft, signed = compose(material()), compose(material(issue=signed_issue()))
    other = compose(material(issue=signed_issue(), recipient=Recipient(name="Another")))

    assert draft.is_draft
    assert draft.draft_mark == "DRAFT, not signed"
    assert signed.draft_mark == ""
    assert signed.signature.line == "Signed: Dr. A. Sample"
    assert "23 November 2026, 14:31 (UTC-5). Seal " in signed.signature.words
    assert signed.signature != other.signature


def test_letter_survives_json() -> None:
    letter = compose(material(issue=signed_issue()))

    assert Letter.model_validate_json(letter.model_dump_json()) == letter


@for_each(
    ("raw", "clean"),
    [
        ("a\u202ebc", "abc"),
        ("a\u200bb\ufeff", "ab"),
        ("a\x00b\x07", "ab"),
        ("e\u0301", "\u00e9"),
        ("one\r\ntwo\t", "one\ntwo"),
        ("\ud800x", "x"),
        ("Ann\u2028Lee", "Ann\nLee"),
        ("علی\u200cرضا, a\u200cb", "علی\u200cرضا, ab"),
    ],
)
def test_tidy_keeps_what_can_be_seen(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_l15_letter_says_what_the_patient_wants_and_was_told() -> None:
    given = date(2026, 11, 20)
    facts = FACTS.model_copy(
        update={
            "goals": "To work again; worried about feeling detached",
            "told": "That both at once is unproven.",
            "sheet_given": "Patient's sheet 2026.2",
            "sheet_given_on": given,
        }
    )

    letter = compose(material(facts=facts))
    silent = compose(material())

    text = text_of(letter, "wishes")
    assert "Hopes and worries: To work again; worried about feeling detached." in text
    assert "Was told: That both at once is unproven." in text
    assert "Patient's sheet 2026.2, on 20 November 2026." in text
    unknown = "what the patient hopes for; what the patient was told; whether a decision aid"
    assert f"Not known: {unknown} was given." in text_of(silent, "wishes")


def test_l19_reply_is_asked_with_its_day_and_each_question_by_number() -> None:
    plan = Plan(reasoning="R", questions="Would you taper venlafaxine? Or lithium?")

    letter = compose(material(plan=plan))

    asked = [one.text for one in letter.block("asked").items]
    assert asked[0] == (
        "1. By 30 November 2026, please say whether you accept, with plan and dates (555-0100); "
        "later, changes and adverse events."
    )
    assert asked[1:3] == ["2. Would you taper venlafaxine?", "3. Or lithium?"]
    assert "Copy: Dr. B. Muster" in letter.recipient


@pytest.mark.parametrize(
    ("option", "kind", "whom", "has", "lacks"),
    [
        ("ketamine", "assess", "(prescriber)", "ketamine_safety", "tms_safety"),
        ("repeat_tms", "treat", "(TMS provider)", "tms_safety", "ketamine_safety"),
        ("both", "assess", "(for TMS and ketamine together)", "coordination", ""),
        ("ketamine", "advise", "(colleague)", "tms_safety", "coordination"),
    ],
)
def test_l03_each_reader_is_addressed_and_gets_what_they_need(
    option: Any, kind: Any, whom: str, has: str, lacks: str
) -> None:
    letter = compose(material(request=Request(kind=kind, option=option, how_soon="weeks")))

    ids = [block.id for block in letter.annex]
    assert whom in letter.request
    assert has in ids
    assert lacks not in ids


@pytest.mark.parametrize(
    ("option", "screen", "questions"),
    [
        (
            "repeat_tms",
            "tms_safety",
            ("pregnancy or breastfeeding", "alcohol or drug use disorder"),
        ),
        (
            "ketamine",
            "ketamine_safety",
            ("someone to bring the patient home", "seizures outside TMS"),
        ),
    ],
)
def test_l10_l11_screen_alone_holds_all_that_its_reader_needs(
    option: Any, screen: str, questions: tuple[str, ...]
) -> None:
    letter = compose(material(request=Request(kind="assess", option=option, how_soon="weeks")))

    assert all(one in text_of(letter, screen) for one in questions)


def test_review_is_on_page_one_and_in_the_finding_and_named_among_what_speaks_against() -> None:
    letter = compose(material(vignettes()["home-ketamine-only"], request=KETAMINE))

    table = letter.block("options").table
    assert table is not None
    finding, against = table.rows[0][1], table.rows[0][3]
    assert finding == "Specialist review first. Only ketamine at home is within reach [1, 2, 3, 4]"
    assert against == "See finding"
    assert "first: only ketamine at home is within reach." in text_of(letter, "findings")


def test_follow_up_that_was_not_asked_is_not_printed() -> None:
    said_of = {}
    for answer in ("no", "yes"):
        letter = compose(
            material({**vignettes()["responder-relapsed"], "vascular_disease": answer})
        )
        said_of[answer] = text_of(letter, "tms_safety")

    assert "only outside the head" not in said_of["no"]
    assert "Not assessed: aneurysm only outside the head." in said_of["yes"]


def test_antidepressant_that_was_stopped_stands_with_the_medicines() -> None:
    answers = {**vignettes()["responder-relapsed"], "antidepressant_now": "stopped_recently"}

    letter = compose(material(answers, request=KETAMINE))

    words = "An antidepressant was stopped, or its dose cut, within three months."
    assert words in text_of(letter, "medicines_now")
    assert words in text_of(letter, "medical")


def test_the_signer_of_a_letter_that_leaves_something_out_reads_the_annex() -> None:
    shown = {**present_letter(compose(material())), "preview": True}
    needed = SignForm(confirmations=[Confirmation.TEXTS])

    closed = render_to_string("letters/_sheet.html", {**shown, "sign_form": SignForm()})
    opened = render_to_string("letters/_sheet.html", {**shown, "sign_form": needed})

    assert '<details class="letter-annex">' in closed
    assert "Annex, signed too" in closed
    assert '<details class="letter-annex" open>' in opened
