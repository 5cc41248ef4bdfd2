"""The letter as data: every vignette, every wording, nothing blank, nothing promised."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.material import Facts, Patient, Plan, Recipient, Request
from decisions.rules.logic.plain_values import tidy
from decisions.rules.question_names import question_names
from tests.collecting import for_each
from tests.letters.letter_factories import (
    EDITION,
    FACTS,
    compose,
    decided,
    material,
    signed_issue,
    vignettes,
)

PROMISES = re.compile(
    r"\b(cure|guarantee|success rate|safe and effective|will respond|proven|recommended)\b|%|88\.8",
    re.IGNORECASE,
)
EVERY_TEXT = "\n".join


def said(letter: Letter) -> str:
    return EVERY_TEXT(letter.texts)


@for_each("vignette", sorted(vignettes()))
def test_letter_of_every_vignette_is_whole_and_promises_nothing(vignette: str) -> None:
    letter = compose(material(vignettes()[vignette], facts=Facts()))

    assert all(block.paragraphs or block.table for block in (*letter.blocks, *letter.annex))
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
        name: " ".join(p.text for p in compose(material(vignettes()[name])).blocks[1].paragraphs)
        for name in ("attempt-assessed", "responder-relapsed")
    }

    assert (
        "Assessed by a psychiatrist since, with a safety plan: Yes." in said_of["attempt-assessed"]
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

    assert "Held back: not asked yet: What the patient prefers" in findings[0]
    assert "Held back: not known: What the patient prefers" in findings[1]


def test_request_says_what_for_which_option_how_soon_and_why() -> None:
    letter = compose(material())

    assert letter.request == (
        "Dr. D. Beispiel (TMS provider): please assess for a further course of TMS, "
        "within two to three weeks: depression has returned after TMS"
    )


@for_each(
    ("changes", "option", "words"),
    [
        ({"tms_now": "yes"}, "both", "together with the TMS under way"),
        ({"tms_now": "yes"}, "repeat_tms", "continuing the course of TMS under way"),
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
    assert letter.block("tms_courses").paragraphs[0].text == "No earlier course of TMS."


def test_nothing_known_is_printed_as_words() -> None:
    letter = compose(material({}, facts=Facts(), patient=Patient(name="M. T."), plan=Plan()))

    tables = [block.table for block in letter.annex if block.table]
    cells = [cell for table in tables for row in table.rows for cell in row]
    assert all(cells)
    assert {"not assessed", "not known"} <= set(cells)
    assert "born not known" in letter.patient_details
    assert "Allergies: not known" in said(letter)


def test_not_known_and_not_assessed_stay_apart() -> None:
    answers = {**vignettes()["responder-relapsed"], "heart": "unknown"}
    del answers["liver"]

    request = Request(kind="assess", option="ketamine", how_soon="weeks")
    table = compose(material(answers, request=request)).block("ketamine_safety").table

    assert table is not None
    rows = {row[0]: row[1] for row in table.rows}
    assert rows["Heart disease"].startswith("not known")
    assert rows["Liver disease"] == "not assessed"


def test_partial_form_has_no_total() -> None:
    answers = {**vignettes()["responder-relapsed"], "phq9": {"items": [2] * 8 + [None]}}

    table = compose(material(answers)).block("scores").table

    assert table is not None
    assert table.rows[0][2:] == ("8 of 9 items, no total", "Incomplete")
    assert table.rows[1][2] == "not assessed"


def test_days_stand_with_each_answer_where_they_differ() -> None:
    made = decided(vignettes()["responder-relapsed"])
    days = {**made.assessed_on, "heart": date(2026, 11, 1)}
    made = made.model_copy(update={"assessed_on": days})

    request = Request(kind="assess", option="ketamine", how_soon="weeks")
    table = compose(material(decided=made, request=request)).block("ketamine_safety").table

    assert table is not None
    assert ("Heart disease", "None (1 Nov 2026)") in table.rows
    assert table.columns == ("Item", "Answer")


def test_sources_are_numbered_as_cited() -> None:
    letter = compose(material())
    cited = {
        int(number)
        for text in letter.texts
        for group in re.findall(r"\[([\d, ]+)\]", text)
        for number in group.split(",")
    }

    sources = letter.block("sources").paragraphs[0].text
    numbered = [int(one) for one in re.findall(r"(?:^|\. )(\d+) [A-Z]", sources)]

    assert numbered == sorted(cited) == list(range(1, len(cited) + 1))


def test_both_names_the_lead_and_the_stop_rules() -> None:
    plan = Plan(reasoning="R", coordinator_name="Dr. B. Muster", coordinator_phone="555-0101")
    request = Request(kind="assess", option="both", how_soon="weeks")

    letter = compose(material(request=request, plan=plan))
    asked = " ".join(one.text for one in letter.block("asked").paragraphs)

    assert "Dr. B. Muster leads and is the one to call: 555-0101." in asked
    assert "Stop both and call the lead" in letter.block("coordination").paragraphs[0].text
    assert "no randomized trial of the two together was found" in said(letter)


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
    assert "Suicide risk today: Active thoughts with plan or intent (20 November 2026)." in risk
    assert "198 mmHg (20 November 2026)" in pressure
    assert "118 mmHg (20 November 2026)" in pressure
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

    assert held.request.endswith(". Not suitable: blood pressure above 180/100 mmHg")
    assert "Not suitable" not in other.request


def test_prescriber_of_ketamine_reads_of_devices_seizures_in_tms_and_the_threshold() -> None:
    answers = {
        **vignettes()["responder-relapsed"],
        "implanted_device": "chest",
        "tms_seizure": "yes",
        "threshold_factors": "unknown",
    }
    ketamine = Request(kind="assess", option="ketamine", how_soon="days")

    table = compose(material(answers, request=ketamine)).block("ketamine_safety").table

    assert table is not None
    said = {row[0]: row[1] for row in table.rows}
    names = question_names(EDITION)
    assert said[names["implanted_device"]] not in ("None", "not known")
    assert said[names["tms_seizure"]] != "No"
    assert said[names["threshold_factors"]] == "not known"


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

    text = " ".join(one.text for one in letter.block("wishes").paragraphs)
    assert "Hopes and worries: To work again; worried about feeling detached." in text
    assert "Was told: That both at once is unproven." in text
    assert "Patient's sheet 2026.2, on 20 November 2026." in text
    assert all("not known" in one.text for one in silent.block("wishes").paragraphs)


def test_l19_reply_is_asked_with_its_day_and_own_questions() -> None:
    plan = Plan(reasoning="R", questions="Would you taper venlafaxine?")

    letter = compose(material(plan=plan))

    text = " ".join(one.text for one in letter.block("asked").paragraphs)
    assert "whether you accept, your plan and dates, any change of plan, and any adverse" in text
    assert "Our questions: Would you taper venlafaxine?" in text
    assert "Please reply by 30 November 2026" in letter.dated
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
        ("repeat_tms", "tms_safety", ("Pregnancy or breastfeeding", "Alcohol and drug use")),
        (
            "ketamine",
            "ketamine_safety",
            ("Someone to bring the patient home", "Seizures outside TMS"),
        ),
    ],
)
def test_l10_l11_screen_alone_holds_all_that_its_reader_needs(
    option: Any, screen: str, questions: tuple[str, ...]
) -> None:
    letter = compose(material(request=Request(kind="assess", option=option, how_soon="weeks")))

    table = letter.block(screen).table
    assert table is not None
    assert {row[0] for row in table.rows} >= set(questions)


def test_review_is_printed_among_what_speaks_against() -> None:
    letter = compose(material(vignettes()["home-ketamine-only"]))

    table = letter.block("options").table
    assert table is not None
    finding, against = table.rows[0][1], table.rows[0][3]
    assert "Specialist review first" in finding
    assert against == "Only ketamine at home is within reach [1, 2, 3, 4]"


def test_both_at_once_says_a_review_of_its_halves_once_more() -> None:
    table = compose(material(vignettes()["home-ketamine-only"])).block("options").table

    assert table is not None
    _, finding, _, against = table.rows[2]
    assert finding.startswith("Specialist review first. Held back")
    assert against.count("nly ketamine at home is within reach") == 1


def test_follow_up_that_was_not_asked_has_no_row() -> None:
    names = question_names(EDITION)
    parent, follow_up = names["vascular_disease"], names["vascular_outside_head"]

    rows = {}
    for answer in ("no", "yes"):
        letter = compose(
            material({**vignettes()["responder-relapsed"], "vascular_disease": answer})
        )
        table = letter.block("tms_safety").table
        assert table is not None
        rows[answer] = {row[0] for row in table.rows}

    assert {parent, follow_up} & rows["no"] == {parent}
    assert {parent, follow_up} <= rows["yes"]


def test_antidepressant_of_today_stands_with_the_medicines() -> None:
    answers = {**vignettes()["responder-relapsed"], "antidepressant_now": "stopped_recently"}

    said = " ".join(one.text for one in compose(material(answers)).block("medicines").paragraphs)

    assert "An antidepressant now: Stopped, or its dose cut, within three months." in said
