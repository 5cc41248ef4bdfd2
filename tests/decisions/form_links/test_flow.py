"""A patient fills in their forms by a link, from the clinician's press to the clinician's press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.models import Answer, Case, SafetyTask
from decisions.follow_up.assessments.models import Assessment
from decisions.form_links.models import FormLink, Proposal
from decisions.letters.actions import compose
from decisions.letters.signing.confirming import Confirmation
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.form_links.form_link_factories import (
    PATIENT,
    RIGHT,
    items,
    make,
    opened,
    patients_case,
    send_card,
)
from tests.decisions.letters.stored_letters import make_decision, make_draft
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[User], Client]
PRESS = {
    "cards": ["phq9", "gad7", "safety", "preference"],
    "read_within_days": "2",
    "is_read": "on",
    "sent_as": "shown",
}


@pytest.fixture
def case(therapist: User) -> Case:
    return patients_case(therapist)


def secret_on(page: str) -> str:
    return page.partition("/f/")[2][:43]


def test_from_a_press_to_a_press(case: Case, therapist: User, client_for: ClientFor) -> None:
    clinician, links = client_for(therapist), reverse("form_links:links", args=[case.pk])
    assert clinician.post(links, {**PRESS, "is_read": ""}).status_code == 422
    page = clinician.post(links, PRESS).content.decode()
    secret = secret_on(page)
    assert "<svg" in page
    assert secret not in clinician.get(links).content.decode()
    assert clinician.post(links, PRESS).status_code == 409

    patient = Client()
    address = reverse("patient_forms:start", args=[secret])
    for _ in range(3):
        assert patient.get(address).status_code == 200
    with clinic_of(therapist):
        assert FormLink.objects.get().state == "waiting"
    assert patient.post(address, RIGHT)["Location"] == reverse("patient_forms:form")
    first = patient.get(reverse("patient_forms:form")).content.decode()
    assert "within 2 days" in first
    assert "checked" not in first
    assert "Little interest or pleasure" in first
    moved = send_card(patient, "phq9", **items(2, 2, 2, 2, 2, 2, 2, 2, 1))
    assert moved["Location"] == reverse("patient_forms:help")
    with clinic_of(therapist):
        task = SafetyTask.objects.get(case=case)
    assert (task.item9, task.opened_by) == (1, None)
    assert "call or text" in patient.get(moved["Location"]).content.decode().lower()
    assert "Feeling nervous" in patient.get(reverse("patient_forms:form")).content.decode()
    send_card(patient, "gad7", **items(1, 1, 1, None, 1, 1, 1))
    send_card(patient, "safety", head_metal=0, seizures=2, implanted_device=99, bladder="x")
    back = send_card(patient, "preference", preference=0, back="1")
    assert back["Location"].endswith("?card=safety")
    kept = patient.get(reverse("patient_forms:form"), {"card": "preference"}).content.decode()
    assert kept.count("checked") == 1
    end = send_card(patient, "preference", preference=1)
    assert end["Location"] == reverse("patient_forms:send")
    sent = [patient.post(reverse("patient_forms:send")) for _ in range(2)]
    assert sent[0]["Location"] == reverse("patient_forms:thanks")
    for name in ("form", "send", "thanks"):
        after = patient.get(reverse(f"patient_forms:{name}"))
        assert "Thank you" in after.content.decode()

    with clinic_of(therapist):
        forms = {one.instrument: one for one in Assessment.objects.filter(case=case)}
        said = {one.question: one for one in Proposal.objects.filter(case=case)}
        link = FormLink.objects.get()
        assert SafetyTask.objects.filter(case=case).count() == 1
        assert not Answer.objects.filter(case=case, question="head_metal").exists()
    assert (forms["phq9"].total, forms["phq9"].item9, forms["phq9"].link_id) == (17, 1, link.pk)
    assert forms["gad7"].total is None
    assert (forms["phq9"].entered_by, forms["phq9"].source) == (None, "patient_link")
    assert {name: one.value for name, one in said.items()} == {
        "head_metal": "none",
        "seizures": "epilepsy",
        "preference": "repeat_tms",
    }
    assert (link.state, link.draft) == ("completed", {})
    worked()
    assert len(mail.outbox) == 2
    for one in mail.outbox:
        assert PATIENT not in str(one.body)

    told = "A patient sent a form"
    assert told in clinician.get(reverse("cases:list")).content.decode()
    shown = clinician.get(links).content.decode()
    assert told not in clinician.get(reverse("cases:list")).content.decode()
    assert "the patient, by link" in shown
    with clinic_of(therapist):
        odd = Proposal.objects.get(case=case, question="preference")
        Proposal.objects.filter(pk=odd.pk).update(value="of an older program")
    place = reverse("form_links:proposal", args=[case.pk, odd.pk])
    assert clinician.post(place, {"take": "1", "version": "0"}).status_code == 422
    for name, press in (("head_metal", "take"), ("seizures", "leave")):
        place = reverse("form_links:proposal", args=[case.pk, said[name].pk])
        assert clinician.post(place, {press: "1", "version": "0"}).status_code == 302
        assert clinician.post(place, {press: "1", "version": "0"}).status_code == 409
    with clinic_of(therapist):
        taken = Answer.objects.get(case=case, question="head_metal")
        assert (taken.value, taken.saved_by) == ("none", therapist)
        assert not Answer.objects.filter(case=case, question="seizures").exists()
    by_link = Event.objects.filter(case_id=case.pk, actor=None, reason=f"link {link.pk}")
    assert set(by_link.values_list("action", flat=True)) >= {
        "form_link.opened",
        "form_link.completed",
        "safety.raised",
    }
    assert clinician.get(reverse("cases:case", args=[case.pk])).status_code == 200


def test_an_unfinished_form_is_heard_and_goes_on_elsewhere_without_showing_anything(
    case: Case, therapist: User
) -> None:
    made = make(case, therapist, cards=("phq9", "gad7"))
    phone = opened(made.secret)
    send_card(phone, "phq9", **items(None, 3, None, None, None, None, None, None, 1))
    back = phone.get(reverse("patient_forms:form"), {"card": "phq9"}).content.decode()
    assert back.count("checked") == 2

    tablet = opened(made.secret)

    assert phone.get(reverse("patient_forms:form")).status_code == 422
    assert send_card(phone, "phq9", **items(1)).status_code == 422
    assert (
        "checked"
        not in tablet.get(reverse("patient_forms:form"), {"card": "phq9"}).content.decode()
    )
    send_card(tablet, "phq9", **items(None, None, None, None, None, None, None, None, 3))
    after = tablet.get(reverse("patient_forms:form"), {"card": "phq9"}).content.decode()
    assert after.count("checked") == 1
    send_card(tablet, "gad7")
    tablet.post(reverse("patient_forms:send"))
    with clinic_of(therapist):
        (form,) = Assessment.objects.filter(case=case)
        task = SafetyTask.objects.get(case=case)
    assert form.items == [None, 3, None, None, None, None, None, None, 3]
    assert (form.total, form.item9) == (None, 3)
    assert (task.first_item9, task.item9) == (1, 3)


def test_what_the_patient_said_otherwise_is_asked_until_somebody_decides(
    therapist: User, client_for: ClientFor
) -> None:
    case = patients_case(
        therapist, implanted_device="none", seizures="none", bladder="no", heart="none"
    )
    patient = opened(make(case, therapist, cards=("safety",)).secret)
    send_card(patient, "safety", implanted_device=1, seizures=1, bladder=0, heart=99)
    patient.post(reverse("patient_forms:send"))
    clinician = client_for(therapist)
    case_page = reverse("cases:case", args=[case.pk])
    said = "the patient said by link “{}”"

    for name in ("cases:case", "cases:check", "cases:decision"):
        page = clinician.get(reverse(name, args=[case.pk])).content.decode()
        assert said.format("Yes, in my head or neck") in page, name
        assert said.format("Yes, once, and there was a clear cause") in page, name
        assert said.format("No") not in page, name
    with clinic_of(therapist):
        open_now = {one.question: one.pk for one in Proposal.objects.filter(case=case)}
    assert f"{len(open_now)} answers to take over or to leave" in (
        clinician.get(case_page).content.decode()
    )
    for name in open_now:
        place = reverse("form_links:proposal", args=[case.pk, open_now[name]])
        clinician.post(place, {"leave": "1"})
    page = clinician.get(case_page).content.decode()
    assert "by link “" not in page
    assert "to take over or to leave" not in page


def test_signer_of_a_letter_is_asked_about_what_the_patient_said_otherwise(therapist: User) -> None:
    decision = make_decision(therapist, implanted_device="none")
    draft = make_draft(therapist, decision)
    made = make(decision.case, therapist, cards=("safety",))
    with clinic_of(therapist):
        assert Confirmation.DOUBTS not in compose(draft.pk, therapist).confirmations
        Proposal.objects.create(
            clinic=made.link.clinic,
            case=decision.case,
            link=made.link,
            question="implanted_device",
            asked="Do you have a device inside your body that runs on power?",
            said="Yes, in my chest, for my heart",
            value="chest",
            stated_at=timezone.now(),
        )

        now = compose(draft.pk, therapist)
        asked, said = now.confirmations, now.mismatches[-1].says

    assert Confirmation.DOUBTS in asked
    assert "Yes, in my chest" in said
