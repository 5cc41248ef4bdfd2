"""Managers read the audit log of their clinic, filter it and take it along as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from decisions.audit_log.sentences import SENTENCES, sentence
from decisions.cases.models import Case
from decisions.life.models import Deletion
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.chain import FIELDS, link_hash
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import make_draft
from tests.factories import make_clinic
from tests.triggers import triggers_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

ClientFor = Callable[[User], Client]
PATH = "/clinic/audit/"


@pytest.fixture
def client(client_for: ClientFor, manager: User) -> Client:
    return client_for(manager)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, name="Maren Testcase")


def write(clinic: Clinic, action: str = "case.read", **fields: Any) -> Event:
    return record_event(
        **{"actor": None, "object_type": "case", **fields}, action=action, clinic=clinic
    )


def shown(client: Client, **asked: str) -> list[Event]:
    response = client.get(PATH, asked)
    assert response.status_code == 200
    return [row.event for row in response.context.get("rows", ())]


def test_trail_shows_the_own_clinic_only(client: Client, clinic: Clinic) -> None:
    theirs, ours = write(make_clinic(name="Other")), write(clinic)

    events = shown(client)

    assert ours in events
    assert theirs not in events


def test_trail_shows_the_number_of_a_case_and_no_name(client: Client, case: Case) -> None:
    page = client.get(PATH).content.decode()

    assert f"<td>Started case {case.number:04d}</td>" in page
    assert "Maren" not in page


def test_event_is_a_sentence_with_case_letter_and_person(
    client: Client, clinic: Clinic, manager: User, therapist: User
) -> None:
    draft = make_draft(therapist)
    number = f"{draft.case.number:04d}"
    write(clinic, "letter.read", object_type="letter", object_id=draft.pk, case_id=draft.case_id)
    write(clinic, "person.invited", object_type="account", object_id=therapist.pk)
    write(clinic, "a.new_kind", object_type="letter", object_id=draft.pk, case_id=draft.case_id)
    write(clinic, "case.read", object_type="case", object_id="no id")

    page = client.get(PATH)
    rows, kinds = (
        page.context["rows"],
        [label for _, label in page.context["form"]["action"].field.choices],
    )

    assert {"Read a letter", "Invited somebody", "A: new kind"} <= set(kinds)
    assert [one.words for one in rows[:4]] == [
        "Read a case",
        f"A: new kind, {draft.number} case {number}",
        f"Invited {therapist}",
        f"Read letter {draft.number}, case {number}",
    ]


def test_account_of_another_clinic_has_no_name_in_the_audit_log(
    client: Client, clinic: Clinic, other_therapist: User
) -> None:
    write(clinic, "person.invited", object_type="account", object_id=other_therapist.pk)

    page = client.get(PATH).content.decode()

    assert "Invited somebody" in page
    assert str(other_therapist) not in page


def test_every_sentence_is_one() -> None:
    event = Event(object_type="c")
    for event.action in SENTENCES:
        said = sentence(event, case=12, letter="L-2026-0001", person="P. Muster")
        assert said[0].isupper()
        assert "{" not in said


def test_trail_of_a_patient_by_the_whole_reference_which_no_address_holds(
    client: Client, clinic: Clinic, therapist: User
) -> None:
    case, other = make_case(therapist), make_case(therapist)
    with clinic_of(therapist):
        case.reference = "MRN 00412345"
        case.save(update_fields=["reference", "patient_index"])

    def found(words: str) -> set[object]:
        answer = client.post(PATH, {"q": words})
        assert "mrn" not in answer["Location"].lower()
        return {one.event.case_id for one in client.get(answer["Location"]).context["rows"]}

    assert found("mrn 00412345") == found("MRN-00412345") == {case.pk}
    assert found("MRN 0041") == found("Maren") == set()
    assert other.pk in found("")


@pytest.mark.parametrize("asked", [{}, {"page": "2"}, {"action": "case.read"}])
def test_s47_reading_the_trail_is_in_the_trail(
    client: Client, clinic: Clinic, manager: User, asked: dict[str, str]
) -> None:
    write(clinic)
    before = Event.objects.count()

    first, second = shown(client, **asked), shown(client)

    reads = Event.objects.filter(action="trail.read")
    assert [(one.actor, one.clinic) for one in reads] == [(manager, clinic)] * 2
    assert Event.objects.count() == before + 2
    assert "trail.read" not in [one.action for one in first]
    assert second[0].action == "trail.read"


def test_s47_mistake_in_a_filter_reads_nothing_and_leaves_nothing(client: Client) -> None:
    client.get(PATH, {"since": "yesterday"})

    assert not Event.objects.filter(action="trail.read").exists()


def test_trail_has_pages_of_fifty_that_keep_the_filters(client: Client, clinic: Clinic) -> None:
    for _ in range(60):
        write(clinic, "letter.read")

    page = client.get(PATH, {"action": "letter.read"})

    second = client.get(PATH, {"action": "letter.read", "page": "2"})

    assert "?action=letter.read&amp;page=2" in page.content.decode()
    assert [[row.times for row in one.context["rows"]] for one in (page, second)] == [[50], [10]]
    assert "50 times, since" in page.content.decode()


def test_only_what_is_alike_is_one_line(client: Client, clinic: Clinic, therapist: User) -> None:
    for number in ("1", "1", "2", "1"):
        write(clinic, object_id=number)
    write(clinic, object_id="1", actor=therapist)
    write(clinic, object_id="1", actor=therapist, reason="again")

    rows = client.get(PATH, {"action": "case.read"}).context["rows"]

    assert [row.times for row in rows] == [1, 1, 1, 1, 2]


def test_trail_of_a_person(client: Client, clinic: Clinic, therapist: User) -> None:
    theirs, nobodys = write(clinic, actor=therapist), write(clinic)

    assert theirs in shown(client, person=str(therapist.pk))
    assert nobodys not in shown(client, person=str(therapist.pk))
    assert shown(client, person="nobody") == [nobodys]


def test_trail_of_days_is_by_the_clock_of_the_clinic(
    client: Client, clinic: Clinic, settings: Any
) -> None:
    settings.TIME_ZONE = "America/New_York"
    evening = Event.objects.create(  # the 4th in UTC
        action="a.b", object_type="c", clinic=clinic, at=datetime(2026, 3, 4, 2, tzinfo=UTC)
    )

    assert evening in shown(client, since="2026-03-03", until="2026-03-03")
    assert evening not in shown(client, since="2026-03-04")
    assert evening not in shown(client, until="2026-03-02")


@pytest.mark.parametrize("written", ["{}", "{:04d}", "Case {:04d}"])
def test_trail_of_a_case(client: Client, clinic: Clinic, case: Case, written: str) -> None:
    other = write(clinic)

    events = shown(client, case=written.format(case.number))

    assert {one.case_id for one in events} == {case.pk}
    assert other not in events


def test_trail_of_a_case_that_was_deleted_is_found_by_its_number(
    client: Client, clinic: Clinic, therapist: User, manager: User
) -> None:
    now, gone = timezone.now(), uuid4()
    event = write(clinic, case_id=gone)
    with clinic_of(therapist):
        Deletion.objects.create(
            clinic=clinic,
            case_id=gone,
            case_number=77,
            kept_until=now.date(),
            asked_at=now,
            asked_by=therapist,
            agreed_at=now,
            agreed_by=manager,
            deleted_at=now,
        )

    assert shown(client, case="77") == [event]


def test_trail_of_a_case_of_another_clinic_is_empty(
    client: Client, case: Case, other_therapist: User
) -> None:
    make_case(other_therapist)
    theirs = make_case(other_therapist)

    assert shown(client, case=str(theirs.number)) == []


@for_each(
    ("asked", "said"),
    [
        ({"case": "Maren"}, "Enter the number of a case"),
        ({"case": "9" * 11}, "Enter the number of a case"),
        ({"case": "²"}, "Enter the number of a case"),
        ({"since": "yesterday"}, "Enter a day, such as"),
        ({"until": "9999-12-31"}, "Enter a day, such as"),
        ({"person": "00000000-0000-0000-0000-000000000000"}, "Select a valid choice"),
        ({"action": "x\0"}, "There is a problem"),
    ],
    undone=True,
)
def test_mistake_in_a_filter_shows_no_event(
    client: Client, clinic: Clinic, asked: dict[str, str], said: str
) -> None:
    write(clinic)

    response = client.get(PATH, asked)
    page = response.content.decode()

    assert response.status_code == 422
    assert said in page
    assert "No events are shown until this is put right." in page
    assert "case: read</td>" not in page
    assert client.get(f"{PATH}export.csv", asked).status_code == 302


@pytest.mark.parametrize("address", [PATH, f"{PATH}export.csv", f"{PATH}export.jsonl"])
def test_other_roles_are_refused_and_that_is_written_down(
    client_for: ClientFor, therapist: User, staff: User, evidence_admin: User, address: str
) -> None:
    for person in (therapist, staff, evidence_admin):
        assert client_for(person).get(address).status_code == 403
        assert Event.objects.filter(actor=person, outcome="refused", action="page.open").exists()


def taken(client: Client, ending: str, **asked: str) -> str:
    response: Any = client.get(f"{PATH}export.{ending}", asked)
    assert response["Content-Disposition"].endswith(f'.{ending}"')
    assert "no-store" in response["Cache-Control"]
    return str(response.getvalue().decode())


def test_csv_holds_what_was_asked_for_and_no_name_of_a_patient(
    client: Client, clinic: Clinic, case: Case, therapist: User
) -> None:
    write(clinic, "letter.read", actor=therapist, case_id=case.pk)
    write(clinic, "plan.read")

    text = taken(client, "csv", action="letter.read")

    (row,) = csv.DictReader(StringIO(text))
    assert (row["action"], row["person"]) == ("letter.read", str(therapist))
    assert row["case_number"] == str(case.number)
    assert "Maren" not in text


def test_event_that_was_never_chained_is_exported_without_a_hash(
    client: Client, clinic: Clinic
) -> None:
    with triggers_off():
        write(clinic, "letter.read")

    (row,) = csv.DictReader(StringIO(taken(client, "csv", action="letter.read")))

    assert (row["sequence"], row["sha256"]) == ("", "")


@for_each("begins", ["=", "+", "-", "@", "\t", "\r"], undone=True)
def test_no_cell_of_a_csv_begins_a_formula(client: Client, clinic: Clinic, begins: str) -> None:
    write(clinic, reason=f'{begins}cmd|"/c calc"!A0, "quoted"')

    rows = list(csv.DictReader(StringIO(taken(client, "csv"), newline="")))

    assert rows[-1]["reason"] == f'\'{begins}cmd|"/c calc"!A0, "quoted"'


def test_json_lines_can_be_checked_without_this_program(
    client: Client, clinic: Clinic, case: Case, therapist: User
) -> None:
    write(clinic, actor=therapist, case_id=case.pk, reason="é “quoted” \\")

    rows = [json.loads(line) for line in taken(client, "jsonl").splitlines()]

    assert len(rows) > 2
    for row in rows:
        values = [row[name] for name in FIELDS]
        assert row["sha256"] == link_hash(row["sequence"], row["previous_sha256"], values)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_taking_a_file_leaves_an_event(client: Client, manager: User, ending: str) -> None:
    text = taken(client, ending)

    event = Event.objects.get(action="trail.exported")
    assert (event.actor, event.reason) == (manager, ending)
    assert "trail.exported" not in text


def test_file_of_many_events_is_whole_and_in_order(client: Client, clinic: Clinic) -> None:
    for number in range(1_100):
        write(clinic, "a.b", object_id=number)

    rows = list(csv.DictReader(StringIO(taken(client, "csv", action="a.b"))))

    assert [row["object_id"] for row in rows] == [str(number) for number in range(1_100)]
