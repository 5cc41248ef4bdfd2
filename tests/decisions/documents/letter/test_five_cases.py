"""Five letters as full as real ones: page one is complete, short and never without its signature.

Each is drawn once. L-25: twelve questions are answered by page one alone.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from decisions.documents.letter.blocks import Letter
from tests.collecting import for_each
from tests.decisions.documents.letter.five_cases import MADE, letter_of, with_reply_code
from tests.decisions.letters.pdf_reading import draw, pages_of, run_together

pytestmark = pytest.mark.slow

WORD = re.compile(r"[\w’'/-]+")
MOST_WORDS, MOST_PAGES = 350, 3
WORDS_OF_A_REPLY = 2
"""What a clinic adds that is answered online."""
CASES = sorted(MADE)
USUAL = (1, 2, 3)
"""Cases that are as most are: a relapse, a third course, both with a plan."""

TWELVE = {
    1: {
        "who": "Marisol Testperson-One, 42, female",
        "what": "for ketamine or esketamine",
        "why now": "September 2025 to November 2025: 36 sessions",
        "urgency": "within days",
        "risk": "Passive thoughts, or wish to be dead (28 Nov 2026)",
        "until then": "Until you answer: I see her on 3 December",
        "trials": "Sertraline 200 mg, 10 weeks: no relief",
        "TMS": "PHQ-9 from 21 to 4, benefit lost June 2026",
        "contraindications": "Nothing found in 28 other items",
        "medicines": "Venlafaxine XR 225 mg once daily; trazodone 50 mg at night as needed",
        "allergies": "penicillin (rash, age 9)",
        "missing": "Not known to us Nothing: all that was asked is answered",
        "reply": "4. Who will do the medical clearance?",
        "by when": "By 4 December 2026, please say whether you accept",
    },
    2: {
        "who": "Devon Samplecase-Two, 55, male",
        "what": "with a further course of TMS",
        "urgency": "within two to three weeks",
        "TMS": "30 sessions, left DLPFC, 5.5 cm, intermittent theta burst, 600 pulses, PHQ-9",
        "risk": "0 of 3, which does not rule risk out",
        "contraindications": "Nothing found in the 24 items asked",
        "medicines": "No medicines. No allergies.",
        "trials": "Lithium (augmentation) 900 mg, 6 weeks: no relief (tremor)",
        "by when": "By 11 December 2026",
    },
    3: {
        "what": "with TMS together with ketamine or esketamine",
        "unproven": "Both together is unproven",
        "review": "stimulant or benzodiazepine with both at once",
        "trials": "Esketamine, nasal, 84 mg, 9 sessions, 2024: response (moved away)",
        "lead": "You lead: calls go to you (555-0140)",
        "stop": "Both stop, and the lead is called, after a seizure",
        "copy": "Copy to Dr. Tomas Coilmann, Harbor TMS Center (TMS provider): please plan",
        "missing": "Not known to us Earlier scores; sex.",
    },
    4: {
        "act first": "Blood pressure 198/118 mmHg (28 Nov 2026)",
        "done": "Emergency department today, discharged with daughter",
        "not before": "Not suitable now: blood pressure above 180/100 mmHg",
        "device": "pacemaker or defibrillator",
        "missing": "and 30 more (annex)",
        "trials": "and 13 more (annex)",
        "allergies": "lidocaine (reaction not known)",
        "medicines": "gabapentin 600 mg three times daily",
        "left out": "please ask the patient yourselves",
    },
}


@cache
def pages(case: int) -> list[str]:
    """The pages of this letter, drawn once."""
    return [run_together(one) for one in pages_of(draw(letter_of(case)))]


def test_page_one_answers_the_questions_of_its_reader() -> None:
    lacking = [
        f"{case}, {question}: {words}"
        for case, answers in TWELVE.items()
        for question, words in answers.items()
        if run_together(words) not in pages(case)[0]
    ]

    assert not lacking


def test_page_one_is_whole_and_signed_on_the_first_page() -> None:
    for case in (1, 2, 3, 4):
        first = pages(case)[0]
        letter = letter_of(case)

        assert run_together(letter.signature.words) in first
        assert all(run_together(text) in first for block in letter.blocks for text in block.texts)


def test_usual_letters_have_three_pages_at_most() -> None:
    assert {case: len(pages(case)) for case in USUAL if len(pages(case)) > MOST_PAGES} == {}


@for_each("case", USUAL)
def test_page_one_has_few_words_of_ours(case: int) -> None:
    assert words_of_ours(letter_of(case)) <= MOST_WORDS


def words_of_ours(letter: Letter) -> int:
    """An address and a code are copied, not read."""
    said = [letter.request, letter.patient_details, *(one.text for one in letter.emergency)]
    for block in letter.blocks:
        said.append(block.heading)
        said += [one.text for one in block.paragraphs if not one.own_words]
        said += [one.text for one in block.items if not one.own_words]

    copied = r"letters\.example\.org/r/|7Q2M-4F2A-91C0-7BE3"
    return len(WORD.findall(re.sub(copied, "", " ".join(said))))


def test_reply_code_leaves_page_one_whole_and_no_letter_longer() -> None:
    for case in (1, 2, 3, 4):
        letter = with_reply_code(case)
        drawn = [run_together(one) for one in pages_of(draw(letter))]

        assert len(drawn) == len(pages(case))
        assert all(run_together(one) in drawn[0] for one in letter.block("asked").texts)
        assert run_together(letter.signature.words) in drawn[0]
        assert words_of_ours(letter) <= words_of_ours(letter_of(case)) + WORDS_OF_A_REPLY


def test_signature_never_stands_alone() -> None:
    for case in CASES:
        letter = letter_of(case)
        signed = run_together(letter.signature.line)
        (page,) = [one for one in pages(case) if signed in one]

        assert run_together(letter.block("asked").items[-1].text[-40:]) in page


def test_no_part_says_not_known_again_and_again() -> None:
    for case in USUAL:
        for block in (*letter_of(case).blocks, *letter_of(case).annex):
            assert " ".join(block.texts).count("not known") <= 1, block.id


def test_order_of_page_one_is_the_same_for_every_reader() -> None:
    (order,) = {tuple(one.id for one in letter_of(case).blocks) for case in CASES}

    assert order == (
        *("diagnosis", "why_now", "safety_today", "findings", "unknown"),
        *("medicines_now", "tried", "reasoning", "asked"),
    )


@pytest.mark.parametrize("case", USUAL)
def test_l25_no_word_of_a_form_stands_within_a_sentence(case: int) -> None:
    """A capital after a colon or a comma is a name, an instrument or a text of the clinician."""
    known = (
        *("PHQ", "GAD", "TMS", "ECT", "CBT", "HAM", "Dr", "KAP", "F33", "DLPFC", "MT", "Hz"),
        *("November", "December", "June", "July", "September", "Nov", "Beam", "Allergies"),
    )
    for block in letter_of(case).blocks:
        own = block.id in ("reasoning", "asked")
        for one in () if own else block.paragraphs:
            found = re.findall(r"[,;:] ([A-Z]\w+)", "" if one.own_words else one.text)
            assert [word for word in found if not word.startswith(known)] == [], one.text
