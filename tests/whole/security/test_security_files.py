"""Files and lists that leave, and rules that are only data: S-15, S-21, S-23, S-27."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from decisions.rules.logic.conditions import ConditionError, parse_condition
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import make_case
from tests.evidence.evidence_factories import load_own_dossier
from tests.factories import make_clinic, make_member

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(settings.BASE_DIR)
ClientFor = Callable[[User], Client]


def text_of(response: HttpResponseBase) -> str:
    assert response.status_code == 200
    return b"".join(response).decode()


def read(clinic: Clinic, therapist: User, **fields: Any) -> None:
    """An event of a read."""
    record_event(
        **{"action": "case.read", "actor": therapist, "object_type": "case", **fields},
        clinic=clinic,
    )


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_s15_trail_as_a_file_shows_what_the_page_shows(
    clinic: Clinic, therapist: User, manager: User, client_for: ClientFor, ending: str
) -> None:
    case = make_case(therapist, name="Sentinel Person")
    elsewhere = make_member(clinic=make_clinic(name="Other"), role=Role.THERAPIST, name="Dr. Far")
    theirs = make_case(elsewhere, name="Sentinel Other")
    read(clinic, therapist, case_id=case.pk, object_id=case.pk)
    read(elsewhere.membership.clinic, elsewhere, case_id=theirs.pk, object_id=theirs.pk)

    text = text_of(client_for(manager).get(reverse(f"trail:{ending}")))

    assert case.pk.hex in text
    for hidden in ("Sentinel", "Dr. Far", theirs.pk.hex, str(theirs.pk)):
        assert hidden not in text


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.STAFF])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_s15_trail_as_a_file_is_for_who_reads_the_page(
    clinic: Clinic, client_for: ClientFor, role: Role, ending: str
) -> None:
    client = client_for(make_member(clinic=clinic, role=role))

    assert client.get(reverse(f"trail:{ending}")).status_code == 403
    assert client.get(reverse("trail:trail")).status_code == 403


def test_s15_evidence_as_a_file_holds_nothing_of_a_clinic(
    therapist: User, client_for: ClientFor
) -> None:
    load_own_dossier()
    make_case(therapist, name="Sentinel Person")
    client = client_for(therapist)
    endings = ("ris", "bib", "nbib", "xml", "json", "csv")

    answers = [client.get(f"/evidence/citations.{ending}") for ending in endings]

    assert any(one.status_code == 200 for one in answers)
    for one in answers:
        assert "Sentinel" not in b"".join(one).decode()


@for_each(
    "begins",
    ["=", "+", "-", "@", "\t", "\r", "\n", " =", "'=", '"=', "\t=", "a;=", "a,=", "a\n="],
    undone=True,
)
def test_s21_no_cell_begins_a_formula_in_any_locale(
    clinic: Clinic, therapist: User, manager: User, client_for: ClientFor, begins: str
) -> None:
    read(clinic, therapist, reason=f"{begins}cmd|' /C calc'!A0")

    text = text_of(client_for(manager).get(reverse("trail:csv")))

    (cell,) = (row["reason"] for row in csv.DictReader(StringIO(text, newline="")) if row["reason"])
    for separator in (",", ";", "\t", "\n"):
        for part in cell.split(separator):
            bare = part.lstrip(' "')
            assert not bare.startswith(("=", "+", "-", "@", "\r")), cell


def test_s21_nul_never_reaches_a_file(
    clinic: Clinic, therapist: User, manager: User, client_for: ClientFor
) -> None:
    read(clinic, therapist, reason="\x00=1+1")

    text = text_of(client_for(manager).get(reverse("trail:csv")))

    assert "\x00" not in text
    assert "'=1+1" in text


@pytest.fixture
def lists(therapist: User) -> None:
    """Something to sort."""
    load_own_dossier()
    make_case(therapist, name="Zoe Last")
    make_case(therapist, name="Abe First")


SORTS = ["sort", "order", "order_by", "ordering", "o", "fields", "values", "group_by"]


@pytest.mark.usefixtures("lists")
@for_each("name", SORTS)
@for_each("address", ["/cases/", "/evidence/", "/letters/", "/directory/"])
def test_s23_no_list_is_sorted_by_a_field_of_the_asker(
    therapist: User, client_for: ClientFor, address: str, name: str
) -> None:
    client = client_for(therapist)

    usual = client.get(address)
    asked = client.get(address, {name: "-therapist__password,(SELECT 1)"})

    assert asked.status_code in (200, 400)
    if asked.status_code == 200:
        assert main_of(asked) == main_of(usual)


def main_of(page: Any) -> str:
    """The list itself, but for where its links lead: they carry the address on."""
    lines = page.content.decode().partition("<main")[2].splitlines()
    kept = "\n".join(line for line in lines if "csrf" not in line)
    return re.sub(r'(href|action|value)="[^"]*"', "", kept)


FOREIGN_FIELDS = [
    "password__startswith=argon2",
    "membership__clinic__name__startswith=A",
    "last_edited_by__password__regex=.*",
    "o=99",
    "o=-1.password",
    "_to_field=password",
]


@for_each("query", FOREIGN_FIELDS)
@for_each("shown", ["entries/source", "entries/claim", "changes", "releases"])
def test_s23_curation_looks_up_no_field_that_no_list_offers(
    evidence_admin: User, client_for: ClientFor, shown: str, query: str
) -> None:
    client, address = client_for(evidence_admin), f"/curation/{shown}/"

    assert main_of(client.get(f"{address}?{query}")) == main_of(client.get(address))


@for_each("query", FOREIGN_FIELDS)
@for_each("model", ["clinics/user", "clinics/membership"])
def test_s23_admin_looks_up_no_field_that_no_list_offers(
    evidence_admin: User, client_for: ClientFor, model: str, query: str
) -> None:
    User.objects.filter(pk=evidence_admin.pk).update(is_superuser=True)
    response = client_for(evidence_admin).get(f"/admin/{model}/?{query}")

    assert response.status_code in (200, 302, 400)
    assert "argon2$" not in response.content.decode()
    if "password" in query.split("=")[0]:
        assert response.status_code != 200


@for_each(
    "raw",
    [
        {"eval": "__import__('os').system('true')"},
        {"exec": "1"},
        {"python": "1"},
        {"is": {"age_years": 1}, "or": []},
        {"is": "{{ age_years }}"},
        {"all": "any"},
        {"at_least": {"age_years": "1; DROP TABLE"}},
        {"unanswered": {"__class__": 1}},
        "age_years > 18",
        [],
        None,
    ],
    ids=lambda raw: json.dumps(raw)[:30],
)
def test_s27_rule_with_an_operator_of_its_own_is_refused(raw: object) -> None:
    with pytest.raises((ConditionError, ValueError)):
        parse_condition(raw)


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% debug %}", "${7*7}", "__import__('os')"])
def test_s27_template_in_a_rule_is_a_text_like_any_other(text: str) -> None:
    condition = parse_condition({"is": {"age_years": text}})

    assert condition.model_dump()["value"] == text


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda one: one.name
)
def test_s63_lock_pins_each_package_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)==\S+(?: ; .+)? \\\n +--hash=sha256:", text, re.MULTILINE)

    assert pinned
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    assert "://" not in text


RUN = (ROOT / "requirements" / "run.txt").read_text()


def test_s63_packages_with_known_faults_are_past_them() -> None:
    found = dict(re.findall(r"^([a-z-]+)==([\d.]+)", RUN, re.MULTILINE))
    at_least = {"weasyprint": (70,), "django": (5, 2, 19), "django-allauth": (65, 19, 4)}

    for name, lowest in at_least.items():
        assert tuple(map(int, found[name].split("."))) >= lowest, name
