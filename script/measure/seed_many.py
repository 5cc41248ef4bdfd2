"""Many cases: one made by the project's own actions, and copies of its rows made by the database.

A fifth of them are the demo clinic's, fifty are its therapist's, the rest are in clinics of 500.
Every case has answers, every second a decision, every fourth a signed letter on its way. What no
list reads is short: a letter's PDF is one byte. It prints a name that 25 patients of the demo
clinic have, and the number of one letter, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import django

django.setup()

import psycopg  # noqa: E402 - Django first
from django.db import transaction  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from decisions.cases.models import Case  # noqa: E402
from decisions.letters.models import Letter  # noqa: E402
from kapnet.core.encryption.blind_index import make_index  # noqa: E402
from kapnet.core.encryption.keys import keyring  # noqa: E402
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import Clinic, Membership, Role, User  # noqa: E402
from tests.decisions.letters.stored_letters import make_signed  # noqa: E402

SHARE_OF_THE_LARGEST, OWN_CASES, A_CLINIC, NAMESAKES = 5, 50, 500, 25
WHOLE_FILES = 3
"""Of so many cases of the largest clinic one has all its answers; every other has six."""
SYLLABLES = [f"{one}{two}" for one in "bdfgklmnprstvz" for two in "aeiou"]
HAS_DECISION, HAS_LETTER = "n % 2 = 0", "n % 4 = 0"
SOME_TIME_AGO = "now() - make_interval(mins => n % 500000)"
OF_THE_CASE = {"case_id": "many.case_id", "clinic_id": "many.clinic_id"}
LETTER_STATUS = ("ready", "sent", "accepted", "done", "done")


@dataclass(frozen=True)
class Template:
    """The one patient that is copied."""

    case_id: UUID
    decision_id: UUID
    letter_id: UUID


@dataclass(frozen=True)
class Copied:
    """The rows of one table, as SQL: those of the template, which copies have them, and what is
    not as in the template, by column."""

    table: str
    template: str
    which: str
    values: dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where a case is: the clinic and its therapist."""

    clinic_id: UUID
    therapist_id: UUID


def seed(cases: int) -> dict[str, str]:
    """Copy the template so many times."""
    demo = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    clinic = demo.membership.clinic
    with scope(clinic=clinic):
        letter = make_signed(demo)
        template = Template(letter.case_id, letter.decision_id, letter.pk)
        first_number = Case.objects.order_by("-number").values_list("number", flat=True)[0]
        first_letter = Letter.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    with _as_administrator() as database, database.cursor() as cursor:
        _place(cursor, _rows(cases, _places(cases, demo, clinic), first_number))
        _copy(cursor, template, first_letter)
        cursor.execute("ANALYZE")
    return {"name": _name(0), "letter": f"{letter.number}"}


def _as_administrator() -> psycopg.Connection:
    """Who may leave triggers and keys aside while rows are copied."""
    connection = psycopg.connect(os.environ["DATABASE_URL"].replace("kapnet@", "postgres@"))
    connection.execute("SET session_replication_role = replica")
    return connection


@transaction.atomic
def _places(cases: int, demo: User, clinic: Clinic) -> list[Place]:
    """For each case where it is; the demo clinic's first."""
    colleague = _member(clinic, 0)
    own = [Place(clinic.pk, demo.pk)] * OWN_CASES
    largest = own + [Place(clinic.pk, colleague.pk)] * (cases // SHARE_OF_THE_LARGEST - OWN_CASES)
    found = largest
    while len(found) < cases:
        number = len(found)
        with scopes_disabled():
            other = Clinic.objects.create(name=f"Clinic {number}", address="1 Sample Street")
        person = _member(other, number)
        found = found + [Place(other.pk, person.pk)] * min(A_CLINIC, cases - number)
    return found


def _member(clinic: Clinic, number: int) -> User:
    person = User.objects.create(
        email=f"colleague{number}@many.example", name=f"Colleague {number}"
    )
    Membership.objects.create(user=person, clinic=clinic, role=Role.THERAPIST)
    return person


def _name(place: int) -> str:
    base = len(SYLLABLES)
    return "".join(SYLLABLES[place // base**power % base] for power in (0, 1, 2)).capitalize()


def _rows(cases: int, places: list[Place], first_number: int) -> Iterator[tuple[object, ...]]:
    """For each copy the keys of its rows and what differs from case to case."""
    names = max(cases // SHARE_OF_THE_LARGEST // NAMESAKES, 1)
    ring = keyring()
    for number, place in enumerate(places):
        name = f"{_name(number % names)} Person"
        index = make_index(place.clinic_id, [name])
        token = ring.encrypt(name.encode()).decode()
        keys = (uuid4(), uuid4(), uuid4())
        yield (
            number,
            *keys,
            place.clinic_id,
            place.therapist_id,
            first_number + 1 + number,
            token,
            index,
        )


def _place(cursor: psycopg.Cursor, rows: Iterator[tuple[object, ...]]) -> None:
    cursor.execute(
        "CREATE TEMP TABLE many (n int, case_id uuid, decision_id uuid, letter_id uuid,"
        " clinic_id uuid, therapist_id uuid, number int, patient_name text, patient_index text)"
    )
    with cursor.copy("COPY many FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("ANALYZE many")


def _copy(cursor: psycopg.Cursor, template: Template, first_letter: int) -> None:
    for copied in _copied(template, first_letter):
        _insert(cursor, copied)
    cursor.execute(
        "INSERT INTO decisions_namedigest (digest, case_id, clinic_id)"
        " SELECT unnest(string_to_array(patient_index, ' ')), case_id, clinic_id FROM many"
    )


def _copied(template: Template, first_letter: int) -> Iterator[Copied]:
    yield from _cases(template)
    yield from _letters(template, first_letter)


def _cases(template: Template) -> Iterator[Copied]:
    of_case = f"one.case_id = '{template.case_id}'"
    yield Copied(
        "decisions_case",
        f"one.id = '{template.case_id}'",
        "TRUE",
        {"last_change": SOME_TIME_AGO, "created_at": SOME_TIME_AGO, "once": "NULL", "id": "case_id"}
        | {
            name: f"many.{name}"
            for name in ("clinic_id", "therapist_id", "number", "patient_name", "patient_index")
        },
    )
    largest = f"SELECT count(*) / {SHARE_OF_THE_LARGEST} FROM many"  # noqa: S608
    is_whole = f"n < ({largest}) AND n % {WHOLE_FILES} = 0"
    six = f"SELECT id FROM decisions_answer AS one WHERE {of_case} ORDER BY id LIMIT 6"  # noqa: S608
    yield Copied(
        "decisions_answer",
        of_case,
        f"({is_whole}) OR one.id IN ({six})",
        {**OF_THE_CASE, "saved_by_id": "many.therapist_id"},
    )
    yield Copied(
        "decisions_decision",
        f"one.id = '{template.decision_id}'",
        HAS_DECISION,
        {**OF_THE_CASE, "id": "many.decision_id", "recorded_by_id": "many.therapist_id"},
    )


def _letters(template: Template, first_letter: int) -> Iterator[Copied]:
    of_letter = f"one.letter_id = '{template.letter_id}'"
    yield Copied(
        "letters_letter",
        f"one.id = '{template.letter_id}'",
        HAS_LETTER,
        {
            **OF_THE_CASE,
            "id": "many.letter_id",
            "decision_id": "many.decision_id",
            "sequence": f"{first_letter} + 1 + n",
            "signed_at": SOME_TIME_AGO,
            "signed_by_id": "many.therapist_id",
            "created_by_id": "many.therapist_id",
            "pdf": "'x'::bytea",
        }
        | dict.fromkeys(("authorization_id", "part2_consent_id", "recipient_site_id"), "NULL")
        | {"once": "NULL"},
    )
    letter = {"letter_id": "many.letter_id", "clinic_id": "many.clinic_id"}
    code = {"code": "upper(substr(md5(n::text), 1, 12))", "identifier": "md5(n::text)"}
    yield Copied("letters_seal", of_letter, HAS_LETTER, letter | code)
    on_its_way = {
        "status": f"(ARRAY{list(LETTER_STATUS)})[1 + n % {len(LETTER_STATUS)}]",
        "due_on": "current_date + (n * 7919 % 120) - 60",
        "assigned_to_id": "NULL",
    }
    yield Copied("desk_delivery", of_letter, HAS_LETTER, letter | on_its_way)


def _insert(cursor: psycopg.Cursor, copied: Copied) -> None:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_identity = 'NO'",
        (copied.table,),
    )
    columns = [name for (name,) in cursor.fetchall()]
    given = ", ".join(copied.values.get(name, f'one."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f'INSERT INTO "{copied.table}" ({names}) SELECT {given}'  # noqa: S608 - all of it is ours
        f' FROM "{copied.table}" AS one, many WHERE {copied.template} AND ({copied.which})'
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]))))
