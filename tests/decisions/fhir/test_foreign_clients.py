"""Clients that others wrote read, page, are refused and write, against a server of ours."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from decisions.letters.models import Letter
from kapnet.core.clients.tokens import issue
from kapnet.core.people.models import User
from tests.decisions.desk.desk_factories import step
from tests.decisions.fhir.emitted import FOREIGN
from tests.decisions.letters.stored_letters import make_signed
from tests.kapnet.core.clients.client_factories import make_api_client

KIT = ["node", str(FOREIGN / "kit.mjs")]
FHIRPY = [str(FOREIGN / ".venv" / "bin" / "python"), str(FOREIGN / "fhirpy_client.py")]


def say(command: list[str], given: dict[str, Any]) -> dict[str, Any]:
    ran = subprocess.run(
        command,
        input=json.dumps(given) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def given_to(live: LiveServer, therapist: User, letter: Letter, name: str) -> dict[str, Any]:
    client = make_api_client(therapist.membership.clinic, name=name)
    items = [
        {"linkId": link, "answer": [{"valueCoding": {"system": "http://loinc.org", "code": code}}]}
        for link, code in (("/44250-9", "LA6569-3"), ("/44255-8", "LA6568-5"))
    ]
    form = {
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": "https://ehr.example/forms", "value": name},
        "questionnaire": "https://kapnet.example/fhir/Questionnaire/phq9",
        "status": "completed",
        "subject": {"reference": f"Patient/{letter.case_id}"},
        "authored": timezone.now().isoformat(timespec="seconds"),
        "item": items,
    }
    return {
        "base": f"{live.url}/fhir/r4",
        "token": issue(client, list(client.scopes)).text,
        "patient": str(letter.case_id),
        "task": str(letter.pk),
        "form": form,
    }


def test_foreign_clients_read_page_and_write(therapist: User, live_server: LiveServer) -> None:
    first = make_signed(therapist)
    step(first, therapist, "sent", how="fax")

    kit = say(KIT, given_to(live_server, therapist, first, "kit"))

    assert kit["fhirVersion"] == "4.0.1"
    assert kit["name"] == "Maren Testcase"
    assert len(set(kit["found"])) == len(kit["found"]) == kit["posted"] > 40
    assert kit["missing"] == [404, "OperationOutcome", "not-found"]
    assert kit["stranger"] == [401, "OperationOutcome", "login"]
    assert kit["odd"] == [400, "OperationOutcome", "invalid"]
    assert kit["moved"] == "received"
    assert kit["stale"] == [412, "OperationOutcome", "conflict"]
    assert kit["created"] == 1

    second = make_signed(therapist)
    step(second, therapist, "sent", how="fax")

    python = say(FHIRPY, given_to(live_server, therapist, second, "fhirpy"))

    assert python["name"] == "Maren Testcase"
    assert len(set(python["found"])) == len(python["found"]) > 40
    assert python["missing"] == ["ResourceNotFound", "not-found"]
    assert python["stranger"] == ["AuthorizationError", "login"]
    assert python["odd"] == ["OperationOutcome", "invalid"]
    assert python["moved"] == "received"
    # It calls every 412 so, whatever was sent.
    assert python["stale"] == ["MultipleResourcesFound", "conflict"]
    assert python["created"] == 1
