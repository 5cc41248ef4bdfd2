"""Bulk export: asked for by a program of the clinic, fetched by it and by nobody else."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scope, scopes_disabled
from pytest_django.live_server_helper import LiveServer

from decisions.cases.queries import cases_with_context
from decisions.exit.bulk import views
from decisions.exit.bulk.actions import forget_old_jobs
from decisions.exit.bulk.asking import Asked, read_asked
from decisions.exit.bulk.making import Files
from decisions.exit.bulk.models import BulkFile, BulkJob
from decisions.exit.running import Stopped
from decisions.fhir.received.addressing import forms_by_item
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.everything import resources_of
from decisions.fhir.records.gate import Reader
from kapnet.core.audit.models import Event
from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.scopes import EVERYTHING
from kapnet.core.clients.tokens import issue
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.fhir_answers import FhirRefused
from tests.collecting import for_each
from tests.decisions.case_factories import make_case
from tests.decisions.exit.leaving import send_unreadable
from tests.decisions.fhir.emitted import assert_valid
from tests.decisions.fhir.full_case import make_full_case
from tests.factories import make_clinic, make_member
from tests.kapnet.core.clients.client_factories import make_api_client, program
from tests.worker import worked

OFFERED = ("Patient", "Condition", "Task")
PREFER = "respond-async, handling=lenient"
SINCE = "2026-11-29T08:00:00+01:00"
EXPORT = "/fhir/r4/$export"
SMART_FETCH = settings.BASE_DIR / "tests" / "foreign" / ".venv" / "bin" / "smart-fetch"


@for_each(
    ("said", "kinds", "since"),
    [
        ({}, OFFERED, None),
        ({"_type": ["Task,Patient"]}, ("Patient", "Task"), None),
        ({"_type": ["Task", "Patient"]}, ("Patient", "Task"), None),
        ({"_since": [SINCE]}, OFFERED, SINCE),
        ({"_since": [SINCE.replace("+", " ")]}, OFFERED, SINCE),
        ({"_outputFormat": ["application/fhir ndjson"]}, OFFERED, None),
        ({"_outputFormat": ["ndjson"]}, OFFERED, None),
    ],
)
def test_address_says_what_is_exported(
    said: dict[str, list[str]], kinds: tuple[str, ...], since: str | None
) -> None:
    moment = datetime.fromisoformat(since) if since else None

    assert read_asked(said, prefer=PREFER, offered=OFFERED) == Asked(kinds, moment)


@for_each(
    ("said", "prefer", "why"),
    [
        ({}, "", "Prefer: respond-async"),
        ({}, "handling=strict", "Prefer: respond-async"),
        ({"_typeFilter": ["Task?status=ready"]}, PREFER, "does not know _typeFilter"),
        ({"patient": ["1"]}, PREFER, "does not know patient"),
        ({"_type": ["Encounter"]}, PREFER, "'Encounter'"),
        ({"_type": [""]}, PREFER, "''"),
        ({"_type": ["Patient,"]}, PREFER, "''"),
        ({"_since": ["yesterday"]}, PREFER, "_since"),
        ({"_since": ["2026-11-29"]}, PREFER, "_since"),
        ({"_since": ["2026-11-29T08:00:00"]}, PREFER, "_since"),
        ({"_since": [SINCE, SINCE]}, PREFER, "_since once"),
        ({"_outputFormat": ["application/xml"]}, PREFER, "none as application/xml"),
    ],
)
def test_what_no_export_can_be_is_refused(
    said: dict[str, list[str]], prefer: str, why: str
) -> None:
    with pytest.raises(FhirRefused) as refused:
        read_asked(said, prefer=prefer, offered=OFFERED)

    assert refused.value.status == 400
    assert why in refused.value.diagnostics


# In a clinic


@pytest.fixture
def records(therapist: User, clinic: Clinic) -> Counter[str]:
    """How many resources of each type the clinic has, for a reader of no name."""
    make_full_case(therapist)
    make_case(therapist)
    other = make_member(clinic=make_clinic(name="Other clinic"), role=Role.THERAPIST)
    make_case(other, name="Nobody Ofthisclinic")
    return counted_in(clinic)


def counted_in(clinic: Clinic) -> Counter[str]:
    with scope(clinic=clinic):
        found = Counter(
            resource["resourceType"]
            for case in cases_with_context()
            for resource in resources_of(CaseRecord(case, Reader("Exporter")))
        )
        return found + Counter(QuestionnaireResponse=forms_by_item().count())


def client_of(clinic: Clinic) -> ApiClient:
    return make_api_client(clinic, scopes=[EVERYTHING], name="Exporter")


def asked(client: Client, address: str = EXPORT) -> Any:
    return client.get(address, HTTP_PREFER="respond-async", HTTP_ACCEPT="application/fhir+json")


def lines_at(client: Client, urls: Iterable[str]) -> list[Any]:
    answers = [client.get(url) for url in urls]
    assert {one["Content-Type"] for one in answers} == {"application/fhir+ndjson"}
    return [json.loads(line) for one in answers for line in one.content.splitlines()]


@pytest.mark.django_db(transaction=True)
def test_export_is_made_fetched_and_removed(
    clinic: Clinic,
    records: Counter[str],
    live_server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert_everything_is_exported(clinic, records)
    assert_some_types_are_exported_for_a_day(clinic)
    monkeypatch.setattr(views, "LOOK_AGAIN", 1)
    assert_smart_fetch_takes_all(clinic, records, live_server.url, tmp_path)
    assert_right_that_was_taken_away_gives_nothing(clinic)
    assert_what_cannot_be_written_is_said(clinic)


def assert_everything_is_exported(clinic: Clinic, records: Counter[str]) -> None:
    owner = client_of(clinic)
    own = program(owner)
    begun = asked(own)
    place = begun["Content-Location"]

    assert begun.status_code == 202
    assert place.startswith("http://testserver/fhir/r4/$export/")
    assert "patients" in own.get(place)["X-Progress"]
    again = asked(own)
    assert (again.status_code, again["Retry-After"]) == (429, "5")
    others = [program(client_of(clinic)), program(client_of(make_clinic(name="Third")))]
    assert [one.get(place).status_code for one in others] == [404, 404]

    worked()
    ready = own.get(place)
    manifest = ready.json()
    assert ready.status_code == 200
    assert ready["Expires"]
    assert manifest["requiresAccessToken"] is True
    assert manifest["request"] == f"http://testserver{EXPORT}"
    urls = [one["url"] for one in manifest["output"]]
    lines = lines_at(own, urls)
    assert Counter(one["resourceType"] for one in lines) == records
    assert {one["type"]: one["count"] for one in manifest["output"]} == records
    assert "Ofthisclinic" not in json.dumps(lines)
    assert_valid(lines)
    assert [one.get(urls[0]).status_code for one in (*others, Client())] == [404, 404, 401]
    assert_nothing_lies_open()

    assert own.delete(place).status_code == 202
    assert [own.get(one).status_code for one in (place, urls[0])] == [404, 404]
    assert Event.objects.filter(action="fhir.export", clinic=clinic, actor=None).exists()


def assert_nothing_lies_open() -> None:
    with scopes_disabled():
        (file, *_) = BulkFile.objects.filter(kind="Patient").extra(select={"raw": "content"})
    assert b"resourceType" not in bytes(file.raw)


def assert_some_types_are_exported_for_a_day(clinic: Clinic) -> None:
    own = program(client_of(clinic))
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+", "%2B")

    places = []
    for what in ("_type=Patient,Condition", f"_since={soon}"):
        places.append(asked(own, f"{EXPORT}?{what}")["Content-Location"])
        worked()
        said = own.get(places[-1]).json()["output"]
        assert {one["type"] for one in said} <= {"Patient", "Condition"}
        assert bool(said) is ("_type" in what)
    assert own.get(places[0]).status_code == 404
    with scopes_disabled():
        BulkJob.objects.update(ready_at=datetime.now(UTC) - timedelta(hours=25))
    assert own.get(places[1]).status_code == 404
    forget_old_jobs()
    with scopes_disabled():
        assert not BulkJob.objects.exists()


def assert_right_that_was_taken_away_gives_nothing(clinic: Clinic) -> None:
    owner = client_of(clinic)
    asked(program(owner))
    with scopes_disabled():
        ApiClient.objects.filter(pk=owner.pk).update(scopes=["system/Patient.rs"])

    worked()

    with scopes_disabled():
        assert BulkJob.objects.get(client=owner).state == BulkJob.State.FAILED
        assert not BulkFile.objects.filter(job__client=owner).exists()
    few = program(make_api_client(clinic))
    assert asked(few).status_code == 403


def assert_what_cannot_be_written_is_said(clinic: Clinic) -> None:
    own = program(client_of(clinic))
    with scopes_disabled():
        case = clinic.cases.order_by("number")[0]
        send_unreadable(case)

    place = asked(own, f"{EXPORT}?_type=Patient,QuestionnaireResponse")["Content-Location"]
    worked()

    said = own.get(place).json()
    assert {one["type"] for one in said["output"]} == {"Patient", "QuestionnaireResponse"}
    assert [(one["type"], one["count"]) for one in said["error"]] == [("OperationOutcome", 1)]
    (problem,) = lines_at(own, [said["error"][0]["url"]])
    assert f"Patient/{case.pk}" in problem["issue"][0]["diagnostics"]
    assert_valid([problem])


# By a client that is not ours


def assert_smart_fetch_takes_all(
    clinic: Clinic, records: Counter[str], server: str, folder: Path
) -> None:
    (folder / "token").write_text(token_of(client_of(clinic)))

    fetched = run_smart_fetch(f"{server}/fhir/r4", folder, while_it_runs=worked)

    assert fetched == {kind: records[kind] for kind in fetched}
    assert len(fetched) > 5


def token_of(client: ApiClient) -> str:
    with scope(clinic=client.clinic):
        return issue(client, client.scopes).text


def run_smart_fetch(
    address: str, folder: Path, *, while_it_runs: Callable[[], None]
) -> dict[str, int]:
    out = folder / "out"
    kinds = ("AllergyIntolerance", "Condition", "DocumentReference", "Observation", "Patient")
    call = [str(SMART_FETCH), "bulk", str(out), "--fhir-url", address]
    call += ["--bearer-token", str(folder / "token"), "--type", ",".join((*kinds, "Procedure"))]
    call += ["--no-default-filters", "--no-compression"]
    with (folder / "log").open("w+") as log:
        started = subprocess.Popen(call, stdout=log, stderr=subprocess.STDOUT)
        until = time.monotonic() + 60
        while started.poll() is None and time.monotonic() < until:
            while_it_runs()
            time.sleep(0.2)
        started.kill()
        log.seek(0)
        assert started.wait() == 0, log.read()
    return {
        file.name.partition(".")[0]: len(file.read_text().splitlines())
        for file in sorted(out.rglob("*.ndjson"))
        if file.name != "log.ndjson"
    }


def test_export_that_is_taken_back_while_it_is_made_ends_there(clinic: Clinic) -> None:
    client = make_api_client(clinic, scopes=[EVERYTHING])
    with scope(clinic=clinic):
        job = BulkJob.objects.create(
            clinic=clinic, client=client, request="", kinds=["Patient"], scopes=[]
        )
        files = Files(job, uuid4())
        files.add({"resourceType": "Patient", "id": "1"})
        job.delete()

        with pytest.raises(Stopped):
            files.finish()
