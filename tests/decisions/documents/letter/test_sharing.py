"""What leaves with a letter: the basis, the consent, and answers on substance use (L-14, L-20)."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import LetterMaterial, Recipient, Request
from decisions.documents.letter.sharing import Consent, ConsentProblem, Sharing
from decisions.documents.letter.withheld import decided_without, words_found
from decisions.rules.loading import load_edition
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.letters.letter_factories import (
    EDITION,
    FACTS,
    WRITTEN,
    compose,
    decided,
    material,
    missing,
    text_of,
    vignettes,
)

SUBSTANCE = load_words(EDITION).substance
NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
USES = ("none", "remission", "active", "dissociatives", "unknown", "left_to_prescriber")
WITHDRAWAL = ("yes", "no", "unknown")
PAPER = Consent(
    reference="Paper 12",
    recipient="Harbor TMS Center",
    scope="Alcohol and drug use, and withdrawal",
    covers_substance_use=True,
    signed_on=date(2026, 11, 1),
    expires_on=date(2027, 5, 1),
)
NO_COPIES = Recipient(organization="Harbor TMS Center", name="Dr. D. Beispiel")
ASKS = [
    Request(kind=kind, option=option, how_soon="weeks")
    for kind, option in product(
        ("assess", "advise"), ("ketamine", "repeat_tms", "both", "none_now")
    )
]


def protected(answers: dict[str, Any], **parts: Any) -> LetterMaterial:
    """A letter whose answers on substance use come from a program, without a consent."""
    parts.setdefault("sharing", Sharing(basis="treatment", substance_source="part2_program"))
    whole = material(answers, **parts)
    assert whole.withholds_substance_use
    without = decided_without(
        whole.decided,
        SUBSTANCE.questions,
        edition=load_edition(EDITION),
        evidence=load_dossier(),
    )
    return whole.model_copy(update={"decided": without, "left_out": SUBSTANCE.questions})


def said(letter: Letter) -> str:
    return letter.model_dump_json()


@pytest.mark.slow
@for_each("request_", ASKS, ids=lambda one: f"{one.kind}-{one.option}")
@for_each("vignette", ["responder-relapsed", "daily-benzodiazepine"])
def test_l14_nothing_in_a_letter_tells_what_is_left_out(vignette: str, request_: Request) -> None:
    cases = [
        {**vignettes()[vignette], "substance_use": use, "withdrawal_now": withdrawal}
        for use, withdrawal in product(USES, WITHDRAWAL)
    ]

    letters = {said(compose(protected(answers, request=request_))) for answers in cases}

    open_letters = {said(compose(material(answers, request=request_))) for answers in cases}
    assert len(letters) == 1
    assert len(open_letters) > 1


def test_no_medicine_is_left_out_with_what_a_program_says() -> None:
    """Clozapine, a tricyclic or lost sleep are no records of a program: TMS must know them."""
    answers = {**vignettes()["responder-relapsed"], "threshold_factors": ["high_risk_medicine"]}

    letter = compose(protected(answers))

    assert "ertain medicines: at least one of clozapine, high-dose" in text_of(letter, "tms_safety")
    left_out = "Left out of this letter (see Consent): withdrawal now"
    assert left_out in text_of(letter, "tms_safety")
    assert left_out in text_of(letter, "findings")


@pytest.mark.parametrize("source", ["part2_program", "unknown", ""])
def test_l14_source_that_is_not_known_counts_as_a_program(source: Any) -> None:
    assert material(sharing=Sharing(substance_source=source)).withholds_substance_use


@pytest.mark.parametrize(
    ("source", "words"), [("self_report", "(self-report)"), ("own_assessment", "(assessed here)")]
)
def test_l14_answer_carries_its_source(source: Any, words: str) -> None:
    letter = compose(material(sharing=Sharing(basis="treatment", substance_source=source)))

    assert f"alcohol or drug use disorder {words}" in text_of(letter, "tms_safety")
    assert NOTICE not in said(letter)


def test_l14_letter_under_a_consent_carries_notice_and_scope() -> None:
    sharing = Sharing(basis="treatment", substance_source="part2_program", part2_consent=PAPER)
    of = material(sharing=sharing, recipient=NO_COPIES)

    letter = compose(of)

    assert not of.withholds_substance_use
    assert NOTICE in said(letter)
    consent = " ".join(one.text for one in letter.block("consent").paragraphs)
    assert "Paper 12" in consent
    assert "It covers: Alcohol and drug use, and withdrawal" in consent
    assert "NOT sufficient for this purpose" not in said(letter)


def test_l20_letter_says_what_was_left_out_and_asks_for_it() -> None:
    letter = compose(protected(vignettes()["responder-relapsed"]))

    consent = " ".join(one.text for one in letter.block("consent").paragraphs)
    asked = text_of(letter, "asked")
    assert "Left out of this letter: alcohol and drug use" in consent
    assert "ask the patient yourselves" in asked
    assert "program" not in consent.replace("psychotherapy process", "")
    assert NOTICE not in consent


@for_each(
    ("changes", "recipient", "problem"),
    [
        ({}, NO_COPIES, None),
        ({"recipient": "dr. d.  beispiel"}, NO_COPIES, None),
        ({"is_revoked": True}, NO_COPIES, ConsentProblem.REVOKED),
        ({"expires_on": date(2026, 11, 22)}, NO_COPIES, ConsentProblem.EXPIRED),
        ({"expires_on": WRITTEN}, NO_COPIES, None),
        ({"signed_on": date(2026, 11, 24)}, NO_COPIES, ConsentProblem.NOT_YET),
        ({"recipient": "Somebody else"}, NO_COPIES, ConsentProblem.RECIPIENT),
        ({"recipient": "", "for_all_who_treat": True}, NO_COPIES, None),
        ({"covers_substance_use": False}, NO_COPIES, ConsentProblem.SCOPE),
        ({}, NO_COPIES.model_copy(update={"copies": "Dr. X"}), ConsentProblem.COPIES),
        ({}, Recipient(), ConsentProblem.RECIPIENT),
    ],
)
def test_s14_consent_reaches_only_what_it_names(
    changes: dict[str, Any], recipient: Recipient, problem: ConsentProblem | None
) -> None:
    paper = PAPER.model_copy(update=changes)
    sharing = Sharing(basis="treatment", substance_source="unknown", part2_consent=paper)

    of = material(sharing=sharing, recipient=recipient)

    assert of.problem_of_part2_consent == problem
    assert of.withholds_substance_use == (problem is not None)
    assert ("part2_consent" in [one.id for one in missing(of)]) == (problem is not None)


@pytest.mark.parametrize(
    ("sharing", "expected"),
    [
        (Sharing(substance_source="self_report"), ["sharing"]),
        (Sharing(basis="treatment"), ["substance_source"]),
        (Sharing(basis="authorization", substance_source="self_report"), ["authorization"]),
        (Sharing(basis="treatment", substance_source="unknown"), []),
    ],
)
def test_l20_basis_is_required_before_signing(sharing: Sharing, expected: list[str]) -> None:
    assert [one.id for one in missing(material(sharing=sharing))] == expected


def test_l20_authorization_is_named_with_its_end() -> None:
    sharing = Sharing(basis="authorization", substance_source="self_report", authorization=PAPER)

    letter = compose(material(sharing=sharing, recipient=NO_COPIES))

    text = letter.block("consent").paragraphs[0].text
    assert "authorization" in text
    assert "Paper 12, signed 1 November 2026, until 1 May 2027, for Harbor TMS Center" in text


def test_left_out_answers_need_a_decision_on_the_evidence_of_today() -> None:
    of = protected(vignettes()["responder-relapsed"]).model_copy(update={"can_leave_out": False})

    assert [one.id for one in missing(of)] == ["left_out_evidence"]


def test_words_of_free_texts_are_found_at_their_beginnings() -> None:
    facts = FACTS.model_copy(update={"other": "Was in Detox; method of asking: interview"})

    found = words_found(SUBSTANCE.mentions, material(facts=facts))

    assert found == ("detox",)


def test_code_of_a_substance_use_disorder_is_found() -> None:
    facts = FACTS.model_copy(update={"diagnosis_code": "F33.2, f10.20"})

    assert words_found(SUBSTANCE.mentions, material(facts=facts)) == ("F10",)


def test_answers_left_out_are_gone_from_the_decision() -> None:
    made = decided({**vignettes()["responder-relapsed"], "substance_use": "dissociatives"})

    without = decided_without(
        made, SUBSTANCE.questions, edition=load_edition(EDITION), evidence=load_dossier()
    )

    rules = {one.rule for option in without.outcome.options.values() for one in option.stops}
    assert "ketamine-stop-dissociative-use" not in rules
    assert not set(SUBSTANCE.questions) & without.answers.keys()
