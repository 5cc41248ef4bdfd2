"""Material of letters for tests: the vignettes of the edition, decided and written up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.compose import compose_letter
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import (
    Decided,
    Facts,
    Issue,
    LetterMaterial,
    Patient,
    Plan,
    Recipient,
    Request,
    Sender,
)
from decisions.documents.letter.missing import MissingBlock, missing_blocks
from decisions.documents.letter.sharing import Sharing
from decisions.rules.engine.answers_in_words import describe_answers
from decisions.rules.engine.decide import decide
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from evidence.strict_yaml import read_yaml

EDITION = CURRENT_EDITION
ASSESSED = date(2026, 11, 20)
WRITTEN = date(2026, 11, 23)
SIGNED = datetime(2026, 11, 23, 19, 31, tzinfo=UTC)
VIGNETTES = EDITIONS / CURRENT_EDITION / "vignettes.yaml"

SENDER = Sender(
    name="Dr. A. Sample",
    profession="psychotherapist",
    license_number="00000 (demo)",
    phone="555-0100",
    secure_reply="secure mail",
    clinic="Demo clinic",
    clinic_address="1 Example Street",
)
FACTS = Facts(
    diagnosis_code="F33.1 (ICD-10-CM)",
    specifier="with anxious distress",
    diagnosis_by="Dr. A. Sample, clinical interview",
    episode_start="March 2026",
    suicide_method="interview",
    suicide_assessed_on=ASSESSED,
    safety_plan="yes",
    means_safety="not_known",
    language="English, no interpreter",
    accessibility="none needed",
    emergency_contact="Toni Testcase, 555-0102",
    patient_contact="555-0103",
    allergies="No known allergy to ketamine",
    medicines="Venlafaxine 225 mg daily since May 2026",
    trials="Sertraline; 200 mg; 10; No relief; Patient\nVenlafaxine; 225 mg; 8; No relief; Record",
    tms_details="left dorsolateral; 10 Hz; March to May 2025",
    medical="Treated hypothyroidism; TSH normal in October 2026",
    earlier_scores="21 before TMS (March 2025), 8 after (May 2025)",
)


@cache
def vignettes() -> dict[str, dict[str, Any]]:
    """Answers of every vignette by its id."""
    raw: Any = read_yaml(VIGNETTES)
    return {one["id"]: one["answers"] for one in raw}


def decided(answers: dict[str, Any], *, number: int = 1) -> Decided:
    """A decision about these answers, all assessed on one day."""
    edition = load_edition(EDITION)
    read = Answers.read(edition.questionnaire, answers)
    return Decided(
        number=number,
        recorded_on=WRITTEN,
        outcome=decide(edition, read, load_dossier()),
        answers=answers,
        assessed_on=dict.fromkeys(answers, ASSESSED),
        in_words=describe_answers(edition, read),
    )


def material(answers: dict[str, Any] | None = None, **changes: Any) -> LetterMaterial:
    """Everything for a letter that may be signed; `changes` replace parts of it."""
    parts: dict[str, Any] = {
        "decided": decided(vignettes()["responder-relapsed"] if answers is None else answers),
        "sender": SENDER,
        "recipient": Recipient(
            organization="Harbor TMS Center", name="Dr. D. Beispiel", copies="Dr. B. Muster"
        ),
        "patient": Patient(name="Maren Testcase", born=date(1984, 3, 14), clinic_number="0042"),
        "facts": FACTS,
        "request": Request(
            kind="assess", option="repeat_tms", how_soon="weeks", reply_by=date(2026, 11, 30)
        ),
        "plan": Plan(
            reasoning="Half better on TMS before, well for eight months, and she wants it again.\n"
            "We agreed to look again after six sessions."
        ),
        "issue": Issue(number="L-2026-0117", written_on=WRITTEN),
        "sharing": Sharing(basis="treatment", substance_source="self_report"),
        **changes,
    }
    return LetterMaterial(**parts)


def signed_issue(**changes: Any) -> Issue:
    """A letter that is signed."""
    return Issue(
        number="L-2026-0117",
        written_on=WRITTEN,
        signed_at=SIGNED,
        moment="23 November 2026, 14:31 (UTC-5)",
        **changes,
    )


def compose(of: LetterMaterial) -> Letter:
    """The letter of this material."""
    return compose_letter(
        edition=load_edition(EDITION),
        words=load_words(EDITION),
        names=question_names(EDITION),
        material=of,
    )


def missing(of: LetterMaterial) -> tuple[MissingBlock, ...]:
    """What keeps this material from being signed."""
    return missing_blocks(
        edition=load_edition(EDITION),
        words=load_words(EDITION),
        names=question_names(EDITION),
        material=of,
    )


def text_of(letter: Letter, block: str) -> str:
    """Everything that a part of a letter says."""
    return " ".join(letter.block(block).texts)
