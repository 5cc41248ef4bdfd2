"""The addresses of R5: open to everybody, read-only, told apart by the state of the release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from evidence.fhir.queries import whole_of_newest
from evidence.loading import load_dossier
from evidence.models import Release
from evidence.retractions.models import RetractionCheck
from tests.collecting import for_each
from tests.evidence.evidence_factories import load_own_dossier, withdraw
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db

BASE = "/fhir/r5"
KEY = "abbar-2022"


@pytest.fixture(autouse=True)
def _released() -> None:
    load_own_dossier()


def ids(answer: Any) -> list[str]:
    return [one["resource"]["id"] for one in answer.json()["entry"]]


def entries(bundle: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in bundle["entry"]:
        yield one["resource"]["resourceType"], one["fullUrl"]


def test_everybody_reads_and_searches(client: Client) -> None:
    one = client.get(f"{BASE}/Citation/{KEY}")
    found = client.get(f"{BASE}/Citation", {"identifier": "10.1136/bmj-2021-067194"})
    stated = client.get(f"{BASE}/metadata")

    assert one["Content-Type"] == "application/fhir+json"
    assert (one.json()["id"], ids(found)) == (KEY, [KEY])
    assert stated.json()["fhirVersion"] == "5.0.0"
    assert one["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in one


def test_release_is_one_collection_and_304_until_it_changes(client: Client) -> None:
    name = load_dossier().release
    first = client.get(f"{BASE}/Bundle/{name}")

    bundle, tag = first.json(), first["ETag"]
    assert (bundle["type"], bundle["identifier"]["value"]) == ("collection", name)
    assert len(bundle["entry"]) == 158 + 355 + 32 + 15 + 42
    assert load_dossier().sha256 in tag
    assert {kind for kind, _ in entries(bundle)} == {
        "Citation",
        "Evidence",
        "ArtifactAssessment",
        "ClinicalUseDefinition",
    }
    assert all("/fhir/r5/" in url for _, url in entries(bundle))
    for path in (f"Bundle/{name}", f"Citation/{KEY}", "Evidence?_count=1"):
        again = client.get(f"{BASE}/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)

    withdraw(KEY)

    after = client.get(f"{BASE}/Citation/{KEY}", headers={"If-None-Match": tag})
    assert after.json()["status"] == "retired"
    assert after.json()["citedArtifact"]["currentState"][0]["coding"][0]["code"] == "retracted"
    kept = client.get(f"{BASE}/Bundle/{name}", headers={"If-None-Match": tag})
    assert kept.status_code == 304, "a release never changes"


def test_notice_of_a_check_shows_without_a_release(client: Client) -> None:
    tag = client.get(f"{BASE}/Citation/{KEY}")["ETag"]
    RetractionCheck.objects.create(
        checked_by="fetch",
        source_key=KEY,
        doi="10.1136/bmj-2021-067194",
        outcome="correction",
        is_complete=True,
        notice_type="correction",
        notice_doi="10.1/c",
        notice_on="2026",
    )

    found = client.get(f"{BASE}/Citation/{KEY}", headers={"If-None-Match": tag}).json()

    assert found["status"] == "active"
    assert found["citedArtifact"]["relatesTo"][0]["type"] == "correction-in"


@for_each(
    ("path", "status", "code"),
    [
        ("Citation/nobody-1900", 404, "not-found"),
        ("Citation/ABBAR-2022", 404, "not-found"),
        ("Patient", 404, "not-supported"),
        ("Patient/1", 404, "not-supported"),
        ("Bundle/nothing", 404, "not-found"),
        ("Citation?colour=red", 400, "not-supported"),
        ("Citation?_count=x", 400, "value"),
        ("Citation?page=1", 410, "expired"),
        ("Citation/abbar-2022?_format=xml", 406, "not-supported"),
        ("Citation/abbar-2022/_history", 404, "not-found"),
    ],
)
def test_what_is_refused_is_an_outcome(client: Client, path: str, status: int, code: str) -> None:
    answer = client.get(f"{BASE}/{path}")

    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert answer.json()["issue"][0]["code"] == code


@for_each("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    answer = getattr(client, method)(f"{BASE}/Citation/{KEY}")

    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_nothing_of_r5_is_under_the_path_of_r4(client: Client) -> None:
    for path in (f"Citation/{KEY}", "Citation", "Evidence", "ArtifactAssessment", "PlanDefinition"):
        assert client.get(f"/fhir/r4/{path}").status_code in (401, 404), path


def test_release_without_content_is_not_shown(client: Client) -> None:
    name = load_dossier().release
    with triggers_off():
        Release.objects.filter(name=name).update(content=None)

    assert client.get(f"{BASE}/Bundle/{name}").status_code == 404


def test_what_was_made_once_is_kept(django_assert_num_queries: Any) -> None:
    """Beside those queries by which the door counts."""
    whole_of_newest("https://a.example")

    with django_assert_num_queries(2):
        whole = whole_of_newest("https://a.example")

    assert whole is whole_of_newest("https://a.example")
