"""`$populate` with what others say: sources, refusals of other patients, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from decisions.fhir.observed.writing import SOURCE
from decisions.fhir.received.models import ProposedAnswer
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.fhir.foreign_records import condition, patient, taking
from tests.kapnet.core.clients.client_factories import make_api_client, program

pytestmark = pytest.mark.django_db

POPULATE = "/fhir/r4/Questionnaire/{}/$populate"


def context(*resources: dict[str, Any], by_parts: bool = False) -> dict[str, Any]:
    """A parameter with a Bundle, directly or as SDC has it."""
    entries = [{"resource": one} for one in resources]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    if not by_parts:
        return {"name": "context", "resource": bundle}
    parts = [{"name": "name", "valueString": "patient"}, {"name": "content", "resource": bundle}]
    return {"name": "context", "part": parts}


def test_what_others_say_is_proposed_and_not_stored(
    therapist: User, other_therapist: User, emitted: Callable[..., Any]
) -> None:
    client = program(make_api_client(therapist.membership.clinic))
    case = make_case(therapist, born=date(1984, 3, 14))
    foreign = make_case(other_therapist)
    subject = {"name": "subject", "valueReference": {"reference": f"Patient/{case.pk}"}}
    of_case = {"reference": f"Patient/{case.pk}"}

    def ask(*given: dict[str, Any], form: str = "edition-2026.2") -> Any:
        body = {"resourceType": "Parameters", "parameter": list(given)}
        return client.post(POPULATE.format(form), body, content_type="application/fhir+json")

    # By a patient of theirs, as SDC writes it, and by the case itself.
    for given in (
        [context(patient(), condition(), taking())],
        [context(patient(), condition(), taking(), by_parts=True), subject],
        [context(condition(subject=of_case), taking(subject=of_case)), subject],
    ):
        answer = ask(*given)
        assert answer.status_code == 200, answer.content
        resource = emitted([answer.json()])[0]
        found = {item["linkId"]: item for group in resource["item"] for item in group["item"]}
        (diagnosis,) = found["diagnosis"]["answer"]
        assert diagnosis["valueCoding"]["code"] == "mdd"
        assert diagnosis["extension"][0] == {
            "url": SOURCE,
            "valueReference": {"reference": "Condition/c1"},
        }
        assert [one["valueCoding"]["code"] for one in found["medicines"]["answer"]] == [
            "benzodiazepine"
        ]
        assert ("subject" in resource) == (subject in given)

    # Records of another patient propose nothing; an edition without codes neither.
    assert "item" not in ask(context(condition()), subject).json()
    assert "item" not in ask(context(patient(), condition()), form="edition-2026.1").json()

    elsewhere = {"name": "subject", "valueReference": {"reference": f"Patient/{foreign.pk}"}}
    for refused, said in (
        ([context(patient(), patient(id="otto"))], "more than one Patient"),
        ([context(condition())], "Name a subject"),
        ([context(patient(birthDate="1990-01-01")), subject], "another than the subject"),
        ([context(patient()), elsewhere], "no patient of this clinic"),
        ([context(*[condition()] * 2001), subject], "at most 2000"),
    ):
        answer = ask(*refused)
        assert answer.status_code in (413, 422), said
        assert said in answer.json()["issue"][0]["diagnostics"]
        assert "1990" not in answer.content.decode()
    with clinic_of(therapist):
        assert not ProposedAnswer.objects.exists()
