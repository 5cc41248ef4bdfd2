"""The plan of days in the annex: only where it belongs, kept by the signature, on paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.material import Request
from decisions.documents.plan.schedule import PlanAsked
from decisions.letters.actions import compose as compose_stored
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.letter_factories import compose, material
from tests.decisions.letters.pdf_reading import draw, pages_of
from tests.decisions.letters.plan_parts import plan_of_days
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign
from tests.decisions.plans.plan_factories import asked, store

TOGETHER = asked()
AFTER = asked(ketamine_first_day="2027-03-01")


def letter_for(option: str, plan: PlanAsked | None) -> Letter:
    request: Any = Request.model_validate(
        {"kind": "assess", "option": option, "how_soon": "weeks", "reply_by": None}
    )
    days = plan_of_days(plan) if plan else None
    return compose(material(request=request, plan_of_days=days))


@for_each(
    ("option", "plan", "is_printed"),
    [
        ("both", TOGETHER, True),
        ("both", AFTER, True),
        ("both", None, False),
        ("repeat_tms", AFTER, True),
        ("ketamine", AFTER, True),
        ("repeat_tms", TOGETHER, False),
        ("ketamine", TOGETHER, False),
        ("none_now", AFTER, False),
    ],
)
def test_plan_is_printed_where_both_or_a_sequence_is_asked(
    option: str, plan: PlanAsked | None, is_printed: bool
) -> None:
    blocks = {one.id for one in letter_for(option, plan).annex}

    assert ("plan" in blocks) is is_printed


def test_paper_has_the_plan_with_its_warning() -> None:
    pages = pages_of(draw(letter_for("both", TOGETHER)))

    annex = " ".join(" ".join(pages[1:]).split())
    assert "Plan of days" in annex
    assert "not evidence" in annex
    assert "Plan of days" not in pages[0]
    assert len(pages) <= 3


@pytest.mark.slow
def test_same_plan_gives_the_same_bytes() -> None:
    letter = letter_for("both", TOGETHER)

    assert draw(letter) == draw(letter)


@pytest.mark.django_db
def test_signed_letter_keeps_the_plan_of_its_day(therapist: User) -> None:
    decision = make_decision(therapist, chosen="both")
    store(decision.case, therapist, watcher="Nurse <b>B</b>. Muster")
    lead = {"coordinator_name": "Dr. L. Lead", "coordinator_phone": "555-0109"}
    signed = sign(make_draft(therapist, decision, request_option="both", **lead), therapist)
    store(decision.case, therapist, version=1, watcher="Dr. New")

    with clinic_of(therapist):
        signed.refresh_from_db()
    kept = Letter.model_validate(signed.content)

    text = " ".join(one.text for one in kept.block("plan").paragraphs)
    assert "Nurse <b>B</b>. Muster" in text
    assert "Dr. New" not in text
    with pikepdf.open(BytesIO(bytes(signed.pdf or b""))) as pdf:
        assert len(pdf.pages) <= 3


@pytest.mark.django_db
def test_plan_without_days_is_not_printed(therapist: User) -> None:
    decision = make_decision(therapist, chosen="both")
    store(decision.case, therapist, tms_first_day=None, ketamine_first_day=None)
    draft = make_draft(therapist, decision, request_option="both")

    with clinic_of(therapist):
        text = compose_stored(draft.pk, therapist).text

    assert "plan" not in {one.id for one in text.annex}


def test_long_plan_with_long_words_still_draws() -> None:
    plan = asked(
        tms_sessions=60, taper=(5,) * 6, keep_apart=False, ketamine_sessions=12, watcher="W" * 120
    )

    pages = pages_of(draw(letter_for("both", plan)))

    assert len(pages) <= 4
    assert "12 sessions" in " ".join(" ".join(pages).split())
