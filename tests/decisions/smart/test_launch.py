"""A launch from an EHR of other people's making, and what it refuses (I-16)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case
from decisions.fhir.received.models import ProposedAnswer
from decisions.smart import views
from decisions.smart.launching import CONTEXT, PENDING
from decisions.smart.models import EhrIdentity, EhrIssuer, EhrPatient
from decisions.smart.stops import WORDS, Reason
from kapnet.core.accounts.actions import switch_person
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.smart.launches import (
    ForeignEhr,
    asked,
    begin,
    launch_address,
    link,
    list_ehr,
    through_the_ehr,
)
from tests.factories import make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
MAREN = date(1984, 3, 14)


@pytest.fixture
def ehr(running_ehr: ForeignEhr, settings: Any) -> ForeignEhr:
    """The running one; the setting for tests lets this machine be asked."""
    settings.EHR_PRIVATE_HOSTS = ["127.0.0.1"]
    return running_ehr


def doctor_at(ehr: ForeignEhr) -> str:
    """As whom the EHR signs everybody in."""
    return f"{ehr.iss}/Practitioner/doctor"


def come_back(client: Client, ehr: ForeignEhr, launch: str = "for-maren") -> Any:
    """A whole launch, up to the page after the callback."""
    return client.get(through_the_ehr(begin(client, ehr.iss, launch)))


def stopped(response: Any, reason: Reason) -> None:
    """The page says this, and the audit log has it."""
    words = WORDS[reason]
    assert response.status_code == words.status, response.content.decode()
    assert words.heading in response.content.decode().replace("&#x27;", "'")
    event = Event.objects.latest("pk")
    assert event.action == "ehr.launch"
    assert event.reason.startswith(reason.value)
    assert event.outcome in (Outcome.REFUSED, Outcome.FAILED)


def test_from_the_list_of_ehrs_to_what_the_ehr_says(
    ehr: ForeignEhr, manager: User, therapist: User, client_for: ClientFor
) -> None:
    # A manager lists the EHR with the keys that it shows.
    said = {
        "name": "Foreign EHR",
        "iss": f"{ehr.iss}/",
        "client_id": "kapnet",
        "hosts": "",
        "token_issuer": "",
        "keys": json.dumps({"keys": ehr.keys}),
        "is_active": "on",
    }
    keeper = client_for(manager)
    assert keeper.post(reverse("smart:new_issuer"), said).status_code == 302
    again = keeper.post(reverse("smart:new_issuer"), said)
    assert again.status_code == 422
    assert "listed already" in again.content.decode()

    # The browser goes out with all that SMART asks for, and comes back to a person without a link.
    client = client_for(therapist)
    out = begin(client, ehr.iss)
    sent = asked(out)
    assert sent["aud"] == ehr.iss
    assert sent["code_challenge_method"] == "S256"
    assert "offline_access" not in sent["scope"]
    assert "online_access" not in sent["scope"]
    assert sent["code_challenge"] not in (sent["state"], sent["nonce"])
    assert client.get(through_the_ehr(out))["Location"] == reverse("smart:person")
    held = str(dict(client.session))
    assert ehr.patients["maren"] not in held
    assert PENDING not in client.session
    assert doctor_at(ehr) in client.get(reverse("smart:person")).content.decode()
    assert client.get(reverse("smart:patient"))["Location"] == reverse("smart:person")
    assert client.post(reverse("smart:person"))["Location"] == reverse("smart:patient")

    # The person chooses which case it is: nothing but who the patient is was read so far.
    page = client.get(reverse("smart:patient")).content.decode()
    assert "Maren Testcase" in page
    assert "14 March 1984" in page
    assert "checked" not in page
    assert client.post(reverse("smart:patient"), {"case": ""}).status_code == 422
    chosen = client.post(reverse("smart:patient"), {"case": "new"})
    with clinic_of(therapist):
        case = Case.objects.get()
        assert (case.patient_name, case.date_of_birth) == ("Maren Testcase", MAREN)
        assert EhrPatient.objects.get().case == case
    assert chosen["Location"] == reverse("smart:records", args=[case.pk])

    # What the EHR says is proposed, none ticked, and answers nothing.
    proposed = client.get(chosen["Location"], follow=True)
    assert proposed.redirect_chain[-1][0] == reverse("received:said", args=[case.pk])
    text = proposed.content.decode()
    assert "F33.1 Major depressive disorder, recurrent, moderate" in text
    assert "checked" not in text
    assert "Allergies: the EHR did not allow it" in text
    with clinic_of(therapist):
        found = {one.question: one.value for one in ProposedAnswer.objects.all()}
        answered = set(case.answers.values_list("question", flat=True))
    assert found["diagnosis"] == "mdd"
    assert (found["bp_systolic"], found["bp_diastolic"]) == (128, 79)
    assert found["phq9"] == {"items": [2] * 8 + [1]}
    assert found["medicines"] is None
    assert answered == {"age_years"}
    said_of = {one.action for one in Event.objects.filter(actor=therapist)}
    assert {"ehr.launched", "ehr.opened", "ehr.person_linked", "ehr.patient_linked"} <= said_of
    assert "ehr.read" in said_of

    # Another launch leads to the case at once, and proposes nothing twice.
    back = come_back(client, ehr)
    assert back["Location"] == reverse("smart:patient")
    again_proposed = client.get(back["Location"], follow=True)
    assert "nothing that was not proposed before" in again_proposed.content.decode()
    with clinic_of(therapist):
        assert ProposedAnswer.objects.count() == len(found)

    # Signing out forgets the access.
    client.post(reverse("account_logout"))
    assert CONTEXT not in client.session
    client.force_login(therapist)
    stopped(client.get(reverse("smart:patient")), Reason.STALE)


@pytest.fixture
def linked(ehr: ForeignEhr, manager: User, therapist: User, client_for: ClientFor) -> Client:
    """The therapist, who said before who they are in the EHR."""
    issuer = list_ehr(manager, iss=ehr.iss, keys=ehr.keys)
    link(issuer, therapist, doctor_at(ehr))
    return client_for(therapist)


def test_what_comes_back_counts_once_and_in_its_browser_alone(
    ehr: ForeignEhr, linked: Client, therapist: User, client_for: ClientFor
) -> None:
    back = through_the_ehr(begin(linked, ehr.iss))
    stopped(client_for(therapist).get(back), Reason.STALE)

    waiting = linked.session[PENDING]
    assert linked.get(back)["Location"] == reverse("smart:patient")
    stopped(linked.get(back), Reason.STALE)

    session = linked.session
    session[PENDING] = waiting
    session.save()
    stopped(linked.get(back), Reason.CODE)
    # This EHR takes back what it gave for a code that is used twice.
    stopped(linked.get(reverse("smart:patient")), Reason.UNFIT)


def test_what_comes_back_otherwise_is_refused(ehr: ForeignEhr, linked: Client) -> None:
    for change, reason in (
        (lambda said: {**said, "state": "other"}, Reason.STATE),
        (lambda said: {"code": said["code"], "iss": said["iss"]}, Reason.STATE),
        (lambda said: {**said, "iss": "https://other.example"}, Reason.OTHER_ISSUER),
        (lambda said: {**said, "code": "other"}, Reason.CODE),
        (lambda said: {**said, "code": ""}, Reason.EHR_SAID_NO),
        (lambda said: {"state": said["state"], "error": "access_denied"}, Reason.EHR_SAID_NO),
    ):
        back = through_the_ehr(begin(linked, ehr.iss))
        stopped(linked.get(reverse("smart:callback"), change(asked(back))), reason)
        stopped(linked.get(back), Reason.STALE)


def test_other_verifier_is_refused_by_the_ehr(
    ehr: ForeignEhr, linked: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = through_the_ehr(begin(linked, ehr.iss))
    begin(linked, ehr.iss)
    waiting = linked.session[PENDING]
    code = asked(first)["code"]
    back = through_the_ehr(begin(linked, ehr.iss))
    assert waiting != linked.session[PENDING]

    stopped(linked.get(reverse("smart:callback"), {**asked(back), "code": code}), Reason.CODE)


def test_who_is_somebody_else_there_or_here_is_refused(
    ehr: ForeignEhr, linked: Client, therapist: User, client_for: ClientFor
) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    stopped(come_back(client_for(colleague), ehr), Reason.OTHER_PERSON)

    with clinic_of(therapist):
        EhrIdentity.objects.update(fhir_user="somebody else there")
    stopped(come_back(linked, ehr), Reason.TWO_PERSONS)


def test_membership_that_ends_in_between_is_refused(
    ehr: ForeignEhr, linked: Client, therapist: User, manager: User, client_for: ClientFor
) -> None:
    back = through_the_ehr(begin(linked, ehr.iss))
    with clinic_of(manager):
        switch_person(actor=manager, membership=therapist.membership, is_active=False)

    response = linked.get(back)

    assert response.status_code == 403 or response["Location"].startswith(reverse("account_login"))
    assert not Event.objects.filter(action="ehr.opened").exists()


def test_ehr_of_another_clinic_or_switched_off_is_refused(
    ehr: ForeignEhr, linked: Client, therapist: User, other_therapist: User, client_for: ClientFor
) -> None:
    stopped(client_for(other_therapist).get(launch_address(ehr.iss, "x")), Reason.UNKNOWN_EHR)

    back = through_the_ehr(begin(linked, ehr.iss))
    with clinic_of(therapist):
        EhrIssuer.objects.update(is_active=False)
    stopped(linked.get(back), Reason.OTHER_CLINIC)
    stopped(linked.get(launch_address(ehr.iss, "x")), Reason.UNKNOWN_EHR)


def test_only_therapists_launch(ehr: ForeignEhr, staff: User, client_for: ClientFor) -> None:
    assert client_for(staff).get(launch_address(ehr.iss, "x")).status_code == 403
    visitor = Client().get(launch_address(ehr.iss, "x"))
    assert visitor["Location"].startswith(reverse("account_login"))


def test_case_that_cannot_be_the_patient_is_refused(
    ehr: ForeignEhr, linked: Client, therapist: User, other_therapist: User
) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    mine, other, no_birth = (
        make_case(therapist, name="M. Testcase", born=MAREN),
        make_case(therapist, name="Maren Testcase", born=date(1984, 4, 13)),
        make_case(therapist, name="Nobody Known"),
    )
    of_colleague = make_case(colleague, name="Maren Testcase", born=MAREN)
    of_others = make_case(other_therapist, name="Maren Testcase", born=MAREN)
    come_back(linked, ehr)

    page = linked.get(reverse("smart:patient")).content.decode()
    assert f'value="{mine.pk}"' in page
    assert f'value="{no_birth.pk}"' in page
    assert f'value="{other.pk}"' not in page
    assert "A colleague may have this patient already" in page
    assert f'href="{reverse("cases:case", args=[of_colleague.pk])}"' in page
    assert str(of_others.pk) not in page
    for case in (of_colleague, of_others):
        refused = linked.post(reverse("smart:patient"), {"case": str(case.pk)})
        assert refused.status_code == 422
    stopped(linked.post(reverse("smart:patient"), {"case": str(other.pk)}), Reason.BORN)
    with clinic_of(therapist):
        assert not EhrPatient.objects.exists()

    chosen = linked.post(reverse("smart:patient"), {"case": str(mine.pk)})
    assert chosen["Location"] == reverse("smart:records", args=[mine.pk])

    # Another patient cannot be the same case; and a page of another case reads nothing.
    come_back(linked, ehr, "for-otto")
    with clinic_of(therapist):
        Case.objects.filter(pk=mine.pk).update(date_of_birth=None)
    refused = linked.post(reverse("smart:patient"), {"case": str(mine.pk)})
    stopped(refused, Reason.TAKEN_CASE)
    stopped(linked.get(reverse("smart:records", args=[mine.pk])), Reason.OTHER_CASE)


def test_birth_date_that_differs_later_is_a_stop(
    ehr: ForeignEhr, linked: Client, therapist: User
) -> None:
    case = make_case(therapist, name="M. Testcase", born=MAREN)
    come_back(linked, ehr)
    linked.post(reverse("smart:patient"), {"case": str(case.pk)})
    with clinic_of(therapist):
        changed = Case.objects.get(pk=case.pk)
        changed.date_of_birth = date(1990, 1, 1)
        changed.save()

    response = linked.get(reverse("smart:patient"))

    stopped(response, Reason.BORN)
    assert reverse("cases:case", args=[case.pk]) in response.content.decode()
    stopped(linked.get(reverse("smart:records", args=[case.pk])), Reason.BORN)
    with clinic_of(therapist):
        assert not ProposedAnswer.objects.exists()


def test_after_sign_in_a_click_leads_on(ehr: ForeignEhr, linked: Client) -> None:
    """The policy of the page lets a browser follow no redirect elsewhere after a form."""
    address = launch_address(ehr.iss, "for-maren")
    page = linked.get(address, headers={"Sec-Fetch-Site": views.OWN_PAGE})

    assert page.status_code == 200
    assert f"{ehr.address}/auth?" in page.content.decode()
