"""What is sent twice is done once: by a second press, or after a commit in doubt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.actions import open_case
from decisions.cases.models import Case, Decision
from decisions.consents.models import Consent
from decisions.letters.models import Letter
from decisions.treatment_history.models import HistoryRow
from kapnet.core.people.models import Membership, Role, User
from kapnet.core.web.once import LENGTH, once_token, posted_once
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.cases.decision.test_decision_views import decision_url, fingerprint_in
from tests.decisions.consents.test_consent_views import POSTED
from tests.decisions.letters.stored_letters import make_signed
from tests.decisions.rules.cases import vignette
from tests.factories import make_clinic, make_member

ClientFor = Callable[[User], Client]
PATIENT = {"patient_name": "A.B."}


def token_of(client: Client, url: str) -> str:
    found = re.search(r'name="once" value="([\w-]+)"', client.get(url).content.decode())
    assert found is not None
    return found.group(1)


def count(model: type[Case | Decision | Letter | HistoryRow | Consent | Membership]) -> int:
    with scopes_disabled():
        return model.objects.count()


@for_each("sent", ["", "x" * (LENGTH - 1), "x" * (LENGTH + 1), "x" * (LENGTH - 1) + "/", "<b>"])
def test_only_a_token_as_it_is_made_counts(sent: str) -> None:
    request = RequestFactory().post("/", {"once": sent})

    assert posted_once(request) is None
    assert (kept := once_token(request)) != once_token(request)
    assert once_token(RequestFactory().post("/", {"once": kept})) == kept


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_makes_one(
    therapist: User, manager: User, client_for: ClientFor
) -> None:
    client, chief = client_for(therapist), client_for(manager)
    new = reverse("cases:new")
    token = token_of(client, new)

    first, second = (client.post(new, {**PATIENT, "once": token}) for _ in range(2))
    asked = client.post(new, {**PATIENT, "once": token_of(client, new)})

    assert first["Location"] == second["Location"]
    assert (asked.status_code, count(Case)) == (409, 1)

    case = make_case(therapist, **vignette("responder-relapsed"))
    copy = reverse("life:copy", args=[case.pk])
    token = token_of(client, copy)
    copies = {client.post(copy, {"once": token})["Location"] for _ in range(2)}
    assert (len(copies), count(Case)) == (1, 3)

    said = {"chosen": "repeat_tms", "reasoning": "She did well."}
    for _ in range(2):  # the page was opened again in between, so that no token would be the same
        said["fingerprint"] = fingerprint_in(client.get(decision_url(case)).content.decode())
        recorded = client.post(decision_url(case), said)
    assert recorded["Location"].endswith("/1/")
    client.post(decision_url(case), {**said, "reasoning": "She did well, and asks for it."})
    assert count(Decision) == 2

    letters = reverse("letters:compose_list", args=[case.pk])
    client.post(letters)
    token = token_of(client, letters)
    more = {client.post(letters, {"another": "1", "once": token})["Location"] for _ in range(2)}
    assert (len(more), count(Letter)) == (1, 2)

    medicines = reverse("history:medicines_now", args=[case.pk])
    for name in ("sertraline", "sertraline", "lithium"):
        client.post(medicines, {"name": name})
    consents = reverse("consents:consents", args=[case.pk])
    assert [client.post(consents, POSTED).status_code for _ in range(2)] == [302, 302]
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):  # kept on a page of failure
        assert client.post(consents, POSTED).status_code == 302
    assert (count(HistoryRow), count(Consent)) == (2, 1)

    people = count(Membership)
    invited = {"name": "N. Newcomer", "email": "New@test.example", "role": "staff"}
    assert [chief.post(reverse("clinic"), invited).status_code for _ in range(2)] == [302, 302]
    other = chief.post(reverse("clinic"), {**invited, "name": "Somebody Else"})
    assert (other.status_code, count(Membership)) == (422, people + 1)


@pytest.mark.django_db
def test_a_form_that_came_back_is_about_the_patient_who_is_typed_in_it_now(
    therapist: User, client_for: ClientFor
) -> None:
    """Back brings the form with its token; a case of the patient before would take the answers."""
    client, new = client_for(therapist), reverse("cases:new")
    token = token_of(client, new)

    for name, born in (("A.B.", ""), ("C.D.", ""), ("C.D.", "1980"), ("A.B.", "")):
        day = {"birth_year": born, "birth_month": "3", "birth_day": "4"} if born else {}
        sent = {"patient_name": name, **day, "once": token, "another_patient": "true"}
        client.post(new, sent)

    with scopes_disabled():
        cases = [(one.patient_name, one.date_of_birth is None) for one in Case.objects.all()]
    assert sorted(cases) == [("A.B.", True), ("C.D.", False), ("C.D.", True)]


@pytest.mark.django_db
def test_a_correction_that_is_asked_for_twice_is_one_draft(
    therapist: User, client_for: ClientFor
) -> None:
    letter, client = make_signed(therapist), client_for(therapist)
    correct = reverse("letters:correct", args=[letter.case_id, letter.pk])

    drafts = {client.post(correct)["Location"] for _ in range(2)}

    assert (len(drafts), count(Letter)) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_get_one_form_open_one_case(therapist: User) -> None:
    together, opened = Barrier(2), set()

    def send() -> None:
        with clinic_of(therapist):
            together.wait()
            case = open_case(
                clinic=therapist.membership.clinic,
                therapist=therapist,
                patient_name="A.B.",
                once="o" * LENGTH,
            )
            opened.add(case.pk)
        connection.close()

    senders = [Thread(target=send) for _ in range(2)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()

    assert (len(opened), count(Case)) == (1, 1)


@pytest.mark.django_db
def test_a_token_opens_nothing_of_another_clinic(therapist: User, client_for: ClientFor) -> None:
    stranger = make_member(
        clinic=make_clinic(name="Other"), role=Role.THERAPIST, name="S. Stranger"
    )
    sent = {**PATIENT, "once": "o" * LENGTH}

    first, second = (
        client_for(one).post(reverse("cases:new"), sent) for one in (therapist, stranger)
    )

    assert first["Location"] != second["Location"]
    assert count(Case) == 2
