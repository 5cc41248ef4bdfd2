"""What programs send of a patient: refused, kept once, proposed, and taken over by a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.models import Answer, Case, SafetyTask
from decisions.fhir.questionnaires.forms import written_form
from decisions.fhir.received.models import ProposedAnswer, Received
from decisions.follow_up.assessments.actions import void_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.life.actions import close_case
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, User
from tests.collecting import for_each
from tests.decisions.case_factories import answer, clinic_of, close_task, make_case
from tests.decisions.fhir.test_responses import written
from tests.kapnet.core.clients.client_factories import make_api_client, program
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[User], Client]
BORN = date(1984, 3, 27)
NAME = "Sentinel Sentpatient"
CALM: dict[str, Any] = {"phq9": {"items": [1] * 8 + [0]}}
POSITIVE: dict[str, Any] = {"phq9": {"items": [1] * 8 + [2]}}
TYPE = "application/fhir+json"


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, name=NAME, born=BORN)


@pytest.fixture
def client(clinic: Clinic) -> Client:
    return program(make_api_client(clinic))


def sent(case: Case, form_id: str, answers: dict[str, Any], **head: Any) -> dict[str, Any]:
    head = {"subject": str(case.pk), "authored": timezone.localdate().isoformat(), **head}
    return written(form_id, answers, **head)


def post(client: Client, resource: Any, path: str = "QuestionnaireResponse", **headers: str) -> Any:
    return client.post(f"/fhir/r4/{path}", json.dumps(resource), content_type=TYPE, headers=headers)


def task_of(case: Case, therapist: User) -> SafetyTask | None:
    with clinic_of(therapist):
        return SafetyTask.objects.filter(case=case, closed_at=None).first()


def newest() -> Event:
    return Event.objects.order_by("-pk")[0]


def diagnostics(answered: Any) -> str:
    (issue,) = answered.json()["issue"]
    return str(issue["diagnostics"])


def test_a_form_becomes_a_form_of_the_patient_once(
    case: Case, therapist: User, client: Client
) -> None:
    resource = sent(case, "phq9", CALM, identifier=("urn:x", "form 1"))
    only_once = {"If-None-Exist": "identifier=urn:x|form%201"}

    first = post(client, resource, **only_once)
    again = [post(client, resource, **only_once), post(client, resource)]

    with clinic_of(therapist):
        (form,) = Assessment.objects.filter(case=case)
    assert (first.status_code, [one.status_code for one in again]) == (201, [200, 200])
    assert (form.total, form.item9, form.source, form.entered_by) == (8, 0, "fhir", None)
    assert form.taken_on == timezone.localdate()
    assert first["Location"].endswith(f"/fhir/r4/QuestionnaireResponse/{form.pk}")
    assert {one["Location"] for one in again} == {first["Location"]}
    read = client.get(first["Location"])
    assert read.json() == first.json()
    assert read.json()["identifier"] == {"system": "urn:x", "value": "form 1"}
    assert task_of(case, therapist) is None
    changed = sent(case, "phq9", POSITIVE, identifier=("urn:x", "form 1"))
    conflict = post(client, changed)
    assert conflict.status_code == 409
    task = task_of(case, therapist)
    assert task is not None
    assert (task.item9, task.opened_by, task.opener) == (2, None, "another system")
    assert post(client, changed, **only_once).status_code == 200
    other = make_case(therapist, name="Another", born=BORN)
    elsewhere = sent(other, "phq9", POSITIVE, identifier=("urn:x", "form 1"))
    refused = post(client, elsewhere, **only_once)
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (409, "conflict")
    assert task_of(other, therapist) is not None
    with clinic_of(therapist):
        assert not Assessment.objects.filter(case=other).exists()
        assert Received.objects.filter(case=case).count() == 1
    anonymous = [post(client, sent(case, "gad7", {"gad7": {"items": [0] * 7}})) for _ in range(2)]
    assert [one.status_code for one in anonymous] == [201, 200]


def test_every_refusal_says_why_and_hears_item_9(
    case: Case, therapist: User, other_therapist: User, client: Client, client_for: ClientFor
) -> None:
    clinician = client_for(therapist)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    soon = (timezone.now() + timedelta(minutes=10)).isoformat()
    theirs = make_case(other_therapist, name="Theirs")
    full = sent(case, "phq9", POSITIVE)
    refused: dict[str, tuple[dict[str, Any], str]] = {
        "unknown linkId": ({"item": [*full["item"], {"linkId": "mood"}]}, "no linkId"),
        "future day": ({"authored": tomorrow}, "in the future"),
        "future moment": ({"authored": soon}, "in the future"),
        "before birth": ({"authored": "1984-03-26"}, "before the birth"),
        "no day": ({"authored": None}, "say when"),
        "stopped": ({"status": "stopped"}, "The status is stopped"),
        "entered in error": ({"status": "entered-in-error"}, "entered-in-error"),
        "amended": ({"status": "amended"}, "The status is amended"),
        "bogus": ({"status": "bogus"}, "must be one of"),
    }
    for name, (change, says) in refused.items():
        found = post(client, {**full, **change})
        assert (found.status_code, says in diagnostics(found)) == (422, True), name
        assert diagnostics(found).endswith("The safety task of this patient is open."), name
        clinician.get(reverse("cases:safety", args=[case.pk]))
        close_task(case, therapist)
    odd = post(client, full, **{"If-None-Exist": "name=1"})
    assert (odd.status_code, diagnostics(odd).endswith("is open.")) == (400, True)
    clinician.get(reverse("cases:safety", args=[case.pk]))
    close_task(case, therapist)
    for reference in (
        f"Patient/{theirs.pk}",
        "Patient/1",
        "Patient/",
        str(case.pk),
        f"Patient/{case.pk.hex}",
    ):
        found = post(client, {**full, "subject": {"reference": reference}})
        assert found.status_code == 422, reference
        assert "subject: " in diagnostics(found)
    nobody = post(client, {name: one for name, one in full.items() if name != "subject"})
    assert "names no patient" in diagnostics(nobody)
    assert "nothing is answered" in diagnostics(post(client, {**full, "item": []}))
    assert task_of(case, therapist) is None
    with clinic_of(therapist):
        assert not Received.objects.exists()
        assert not Assessment.objects.filter(case=case).exists()
    with clinic_of(other_therapist):
        assert not SafetyTask.objects.exists()


def test_an_unfinished_form_is_heard_and_not_kept(
    case: Case, therapist: User, client: Client
) -> None:
    unfinished = {
        **sent(case, "phq9", {"phq9": {"items": [None] * 8 + [1]}}),
        "status": "in-progress",
    }
    calm = {**sent(case, "phq9", CALM), "status": "in-progress"}

    assert post(client, calm).status_code == 422
    assert task_of(case, therapist) is None
    heard = post(client, unfinished)
    assert heard.status_code == 202
    assert heard.json()["issue"][0]["severity"] == "information"
    assert task_of(case, therapist) is not None
    with clinic_of(therapist):
        assert not Assessment.objects.filter(case=case).exists()
    only_item9 = post(client, {**unfinished, "status": "completed"})
    assert only_item9.status_code == 201
    with clinic_of(therapist):
        assert Assessment.objects.get(case=case).total is None


def test_a_closed_case_takes_nothing_and_is_heard(
    case: Case, therapist: User, client: Client, manager: User
) -> None:
    with clinic_of(therapist):
        close_case(case=case, actor=therapist, reason="finished")

    found = post(client, sent(case, "phq9", POSITIVE))

    assert (found.status_code, "closed" in diagnostics(found)) == (409, True)
    assert task_of(case, therapist) is not None
    worked()
    assert manager.email in {to for one in mail.outbox for to in one.to}


def test_a_voided_form_is_gone(case: Case, therapist: User, client: Client) -> None:
    resource = sent(case, "phq9", CALM, identifier=("", "1"))
    address = post(client, resource)["Location"]
    with clinic_of(therapist):
        form = Assessment.objects.select_related("case").get(case=case)
        void_assessment(assessment=form, actor=therapist, because="mistake")

    for answered in (
        client.get(address),
        client.get(f"{address}/$extract"),
        post(client, resource),
    ):
        assert answered.status_code == 410
        assert answered.json()["issue"][0]["code"] == "deleted"
    (found,) = client.get(f"/fhir/r4/QuestionnaireResponse?patient={case.pk}").json()["entry"]
    assert found["resource"]["status"] == "entered-in-error"


def test_answers_to_an_edition_are_proposed_and_taken_over_by_a_press(
    case: Case, therapist: User, client: Client, client_for: ClientFor
) -> None:
    answer(case, therapist, "diagnosis", "bipolar")
    answer(case, therapist, "mania_now", "no")
    said = {
        "age_years": 41,
        "diagnosis": "mdd",
        "mania_now": "no",
        "comorbidities": ["ocd", "ptsd"],
        "head_metal": "unknown",
        **POSITIVE,
    }
    clinician, page = client_for(therapist), reverse("received:said", args=[case.pk])

    answered = post(client, sent(case, "edition-2026.2", said, authored="2026-11-01"))

    assert answered.status_code == 201
    assert task_of(case, therapist) is not None
    with clinic_of(therapist):
        keys = {one.question: one.pk for one in ProposedAnswer.objects.filter(case=case)}
        assert Answer.objects.get(case=case, question="diagnosis").value == "bipolar"
        assert not Assessment.objects.filter(case=case).exists()
        assert Received.objects.get(case=case).sender_name == "Record system"
    assert keys.keys() == said.keys()
    worked()
    assert any("another system sent answers" in one.subject for one in mail.outbox)
    assert all(NAME not in f"{one.subject}{one.body}" for one in mail.outbox)
    case_page = clinician.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "6 answers to take over or to refuse" in case_page
    assert "Record system says “Major depressive disorder" in case_page
    html = clinician.get(page).content.decode()
    assert "checked" not in html
    assert "Record system" in html
    assert "The same as the case says: 1" in html
    versions = {
        f"version.{pk}": 1 if name in ("diagnosis", "mania_now", "age_years") else 0
        for name, pk in keys.items()
    }

    def press(*names: str, **how: str) -> int:
        ticked = [str(keys[one]) for one in names]
        return clinician.post(page, {**versions, "said": ticked, **how}).status_code

    assert press(take="1") == 422
    answer(case, therapist, "age_years", 43)
    assert press("age_years", "comorbidities", take="1") == 409
    with clinic_of(therapist):
        assert not Answer.objects.filter(case=case, question="comorbidities").exists()
    assert press("diagnosis", "comorbidities", "phq9", take="1") == 302
    assert press("age_years", refuse="1") == 302
    assert press("diagnosis", take="1") == 409
    assert press("age_years", refuse="1") == 409
    with clinic_of(therapist):
        rows = {one.question: one for one in Answer.objects.filter(case=case)}
        states = dict(ProposedAnswer.objects.values_list("question", "state"))
        forms = list(Assessment.objects.filter(case=case).values_list("source", "total"))
    assert (rows["diagnosis"].value, rows["diagnosis"].assessed_on) == ("mdd", date(2026, 11, 1))
    assert rows["comorbidities"].value == ["ocd", "ptsd"]
    assert rows["age_years"].value == 43
    assert states["age_years"] == "refused"
    assert [one for one, state in states.items() if state == "open"] == ["mania_now", "head_metal"]
    assert forms == [("clinician", 10)]
    assert press("mania_now", "head_metal", same="1") == 409
    assert press("mania_now", same="1") == 302
    after = clinician.get(page).content.decode()
    assert "The same as the case says" not in after
    assert "Taken over and refused: 5" in after
    read = client.get(answered["Location"]).json()
    assert read["item"][0]["item"][0]["answer"] == [{"valueInteger": 41}]
    events = Event.objects.filter(case_id=case.pk).values_list("action", flat=True)
    assert {"received.came_in", "proposed_answer.taken", "proposed_answer.refused"} <= {*events}


def test_another_clinic_sees_and_reaches_nothing(
    case: Case, client: Client, other_therapist: User, client_for: ClientFor
) -> None:
    address = post(client, sent(case, "phq9", CALM, identifier=("", "1")))["Location"]
    theirs = program(make_api_client(other_therapist.membership.clinic))
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "subject", "valueReference": {"reference": f"Patient/{case.pk}"}}],
    }

    assert theirs.get(address).status_code == 404
    assert theirs.get(f"{address}/$extract").status_code == 404
    for asked in (f"patient={case.pk}", f"subject=Patient/{case.pk}", "identifier=|1"):
        found = theirs.get(f"/fhir/r4/QuestionnaireResponse?{asked}").json()
        assert (found["total"], "entry" in found) == (0, False)
        assert newest().case_id is None, "their event names no patient of ours"
    for asked in ("identifier=|1", f"_id={address.rpartition('/')[2]}"):
        client.get(f"/fhir/r4/QuestionnaireResponse?{asked}")
        assert newest().case_id == case.pk
    for kind in ("QuestionnaireResponse", "Observation"):
        client.get(f"/fhir/r4/{kind}", {"patient": "Jane Doe 1970"})
        assert newest().object_id == ""
    populated = post(theirs, parameters, "Questionnaire/edition-2026.2/$populate")
    assert populated.status_code == 422
    page = client_for(other_therapist).get(reverse("received:said", args=[case.pk]))
    assert page.status_code == 404


def test_answers_on_substance_use_stay_by_the_edition_that_asked(
    case: Case, clinic: Clinic, client: Client
) -> None:
    """The edition of the case asks for withdrawal in another question."""
    said = {"age_years": 41, "threshold_factors": ["alcohol_or_sedative_withdrawal"]}
    address = post(client, sent(case, "edition-2026.1", said))["Location"]
    another = program(make_api_client(clinic, name="Another record system"))

    assert "threshold-factors" in client.get(address).content.decode().replace("_", "-")
    assert "threshold-factors" not in another.get(address).content.decode().replace("_", "-")


def test_searches_of_responses(case: Case, therapist: User, client: Client) -> None:
    answer(case, therapist, "phq9", {"total": 14})
    for n in range(3):
        day = (timezone.localdate() - timedelta(days=n)).isoformat()
        post(client, sent(case, "phq9", CALM, identifier=("urn:x", f"{n}"), authored=day))
    post(client, sent(case, "edition-2026.2", {"age_years": 40}, identifier=("urn:y", "1")))

    def total(**asked: str) -> int:
        return int(client.get("/fhir/r4/QuestionnaireResponse", asked).json()["total"])

    patient = f"Patient/{case.pk}"
    assert total(patient=patient) == 4
    assert (
        total(subject=patient, questionnaire="https://kapnet.example/fhir/Questionnaire/phq9") == 3
    )
    assert (
        total(identifier="urn:x|1"),
        total(identifier="1", patient=patient),
        total(identifier="|1"),
    ) == (1, 2, 0)
    first = client.get("/fhir/r4/QuestionnaireResponse", {"patient": patient, "_count": "3"}).json()
    links = {one["relation"]: one["url"] for one in first["link"]}
    second = client.get(links["next"]).json()
    assert (len(first["entry"]), len(second["entry"])) == (3, 1)
    assert "next" not in {one["relation"] for one in second["link"]}
    posted = client.post("/fhir/r4/QuestionnaireResponse/_search", {"patient": patient})
    assert posted.json()["total"] == 4
    for bad in (
        "",
        "?identifier=1",
        "?mood=1",
        f"?patient={case.pk}&patient={case.pk}",
        "?patient=",
        "?_id=1&_count=x",
    ):
        assert client.get(f"/fhir/r4/QuestionnaireResponse{bad}").status_code == 400, bad
    for bad in ("identifier=", "identifier=1&x=2", "name=1"):
        answered = post(client, sent(case, "phq9", CALM), **{"If-None-Exist": bad})
        assert answered.status_code == 400, bad


def test_operations_keep_nothing(case: Case, therapist: User, client: Client) -> None:
    answer(case, therapist, "diagnosis", "mdd")
    answer(case, therapist, "phq9", {"total": 14, "item9": 0})
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "subject", "valueReference": {"reference": f"Patient/{case.pk}"}}],
    }

    populated = post(client, parameters, "Questionnaire/edition-2026.2/$populate").json()
    assert (populated["status"], populated["subject"]["reference"]) == (
        "in-progress",
        f"Patient/{case.pk}",
    )
    bundle = post(client, sent(case, "phq9", POSITIVE), "QuestionnaireResponse/$extract").json()
    assert len(bundle["entry"]) == 11
    assert {one["resource"]["effectiveDateTime"] for one in bundle["entry"]} == {
        timezone.localdate().isoformat()
    }
    decided = post(client, populated, "$decide").json()
    values = {one["name"]: one for one in decided["parameter"]}
    assert values["edition"]["valueString"] == "2026.2"
    assert len([one for one in decided["parameter"] if one["name"] == "option"]) == 3
    with clinic_of(therapist):
        assert not Received.objects.exists()
        assert SafetyTask.objects.count() == 0
    assert Event.objects.filter(action="fhir.decided", actor=None).count() == 1
    for bad in ({}, {"resourceType": "Parameters", "parameter": 5}):
        assert post(client, bad, "Questionnaire/phq9/$populate").status_code == 400
    nobody = post(client, {"resourceType": "Parameters"}, "Questionnaire/phq9/$populate")
    assert nobody.status_code == 422
    assert post(client, parameters, "Questionnaire/phq2/$populate").status_code == 404
    wrong = {**populated, "status": "entered-in-error"}
    assert post(client, wrong, "$decide").status_code == 422
    assert post(client, {**populated, "item": [{"linkId": "x"}]}, "$decide").status_code == 422


@for_each("path", ["Questionnaire/edition-2026.2", "Questionnaire/phq9", "Questionnaire/gad7"])
def test_questionnaires_are_open_and_cached(path: str, db: None) -> None:
    visitor = Client()
    written_one = written_form(path.rpartition("/")[2])
    assert written_one is not None

    first = visitor.get(f"/fhir/r4/{path}")
    again = visitor.get(f"/fhir/r4/{path}", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.json() == written_one.resource
    found = visitor.get("/fhir/r4/Questionnaire", {"url": first.json()["url"]}).json()
    assert [one["resource"] for one in found["entry"]] == [first.json()]
    assert visitor.get("/fhir/r4/Questionnaire?version=2026.2").json()["total"] == 3
    assert visitor.get("/fhir/r4/Questionnaire?mood=1").status_code == 400
    assert visitor.get("/fhir/r4/Questionnaire/phq2").status_code == 404
    assert visitor.get("/fhir/r4/QuestionnaireResponse?_id=1").status_code == 401
