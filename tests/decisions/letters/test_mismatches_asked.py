"""What does not fit is shown where it is typed, and asked before signing. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.documents.letter.treatment_history import OtherTreatment
from decisions.letters.actions import compose
from decisions.letters.signing.actions import LetterNotConfirmedError, sign_letter
from decisions.letters.signing.confirming import Confirmation
from decisions.treatment_history.actions import add_row
from decisions.treatment_history.models import Kind
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign, write_facts
from tests.decisions.plans.plan_factories import store

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

ECT = "Earlier ECT: answered “Never”. The treatment history lists ECT (response). Which is right?"
CODE = "Code F33.1 is for recurrent depression, moderate. PHQ-9 22 is in the band “severe”."
PLAN = "answered “Within days: work, care of oneself or care of others is failing”. The plan begins"
ITEMS = {"items": [3, 3, 3, 3, 3, 3, 2, 2, 0]}


def test_what_does_not_fit_is_asked_where_it_is_typed_and_before_signing(
    client_for: ClientFor, therapist: User
) -> None:
    decision = make_decision(therapist, ect_history="never", speed_needed="days", phq9=ITEMS)
    case = decision.case
    late = timezone.localdate() + timedelta(days=86)
    store(case, therapist, tms_first_day=str(late), ketamine_first_day=str(late), closed_days=())
    write_facts(case, therapist, diagnosis_code="F33.1", specifier="moderate")
    with clinic_of(therapist):
        row = OtherTreatment(kind="ect", result="response")
        add_row(case=case, actor=therapist, kind=Kind.OTHERS, values=row)
    draft = make_draft(therapist, decision, request_how_soon="days")
    client = client_for(therapist)

    def page(name: str, *more: object) -> str:
        return client.get(reverse(name, args=[case.pk, *more])).content.decode()

    asked_at = {
        "history:history": [ECT],
        "letters:facts": [CODE],
        "plan:plan": [PLAN],
        "cases:case": [ECT, CODE, PLAN],
    }
    for name, asked in asked_at.items():
        shown = page(name)
        assert [one for one in (ECT, CODE, PLAN) if one in shown] == asked, name
    assert ECT in page("cases:section", "earlier_treatment")
    assert ECT not in page("cases:section", "tms_safety")
    before_signing = page("letters:letter", draft.pk)
    assert all(one in before_signing for one in (ECT, CODE, PLAN))
    assert 'name="contradictions_looked_at"' in before_signing

    with clinic_of(therapist):
        shown_now = compose(draft.pk, therapist)
        with pytest.raises(LetterNotConfirmedError):
            sign_letter(
                letter_id=draft.pk,
                actor=therapist,
                fingerprint=shown_now.fingerprint,
                confirmed=set(Confirmation) - {Confirmation.DOUBTS},
            )
    signed = sign(draft, therapist)

    assert signed.is_signed
    assert Event.objects.filter(action="letter.contradictions_looked_at").count() == 1
