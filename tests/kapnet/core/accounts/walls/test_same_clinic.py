"""Every row says whose it is, and leads to rows of that clinic alone: as each database has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model, OneToOneField, UniqueConstraint
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from decisions.cases.models import Answer, Case
from kapnet.core.accounts.walls.row_security import walled_models
from kapnet.core.accounts.walls.same_clinic import Key, bind, keys_within_clinics
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic
from kapnet.ready import lets_clinics_mix, stop_unless_ready
from tests.collecting import for_each
from tests.decisions.case_factories import make_case

pytestmark = pytest.mark.both_databases

ON_POSTGRESQL = connection.vendor == "postgresql"
KEYS_ON_POSTGRESQL = """
SELECT one.conrelid::regclass::text, of.attname, one.confrelid::regclass::text, to_.attname,
    own.attname, parent.attname, condeferrable AND condeferred AND convalidated
FROM pg_constraint one
JOIN pg_attribute own ON own.attrelid = one.conrelid AND own.attnum = one.conkey[1]
JOIN pg_attribute of ON of.attrelid = one.conrelid AND of.attnum = one.conkey[2]
JOIN pg_attribute parent ON parent.attrelid = one.confrelid AND parent.attnum = one.confkey[1]
JOIN pg_attribute to_ ON to_.attrelid = one.confrelid AND to_.attnum = one.confkey[2]
WHERE one.contype = 'f' AND cardinality(one.conkey) = 2
"""
TRIGGERS_ON_SQLITE = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%same_clinic%'"
)
A_KEY = re.compile(r'FROM "(\w+)" AS \w+ WHERE \w+\."(\w+)" = NEW\."(\w+)"')


def keys_between_walled_tables() -> set[Key]:
    """By Django's own word: whatever leads from one to another."""
    return {
        Key(
            model._meta.db_table,
            str(field.column),
            field.related_model._meta.db_table,
            str(field.related_model._meta.pk.column),
        )
        for model in walled_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, OfAClinic)
    }


def keys_of_postgresql(cursor: Any) -> set[Key]:
    cursor.execute(KEYS_ON_POSTGRESQL)
    found = cursor.fetchall()
    assert {one[4:] for one in found} == {("clinic_id", "clinic_id", True)}
    return {Key(*one[:4]) for one in found}


def keys_of_sqlite(cursor: Any) -> set[Key]:
    """The same from both ends, and on changes."""
    cursor.execute(TRIGGERS_ON_SQLITE)
    found: dict[str, set[Key]] = {"insert": set(), "update": set(), "parent": set(), "stays": set()}
    for name, sql in cursor.fetchall():
        table, _, what = name.partition("_same_clinic_")
        for other, key, column in A_KEY.findall(sql):
            one = (
                Key(other, key, table, column)
                if what == "parent"
                else Key(table, column, other, key)
            )
            found[what].add(one)
        if what == "stays":
            found[what] |= {one for one in keys_between_walled_tables() if one.parent == table}
    assert found["insert"] == found["update"] == found["parent"] == found["stays"]
    return found["insert"]


@pytest.mark.django_db
def test_database_holds_every_key_between_rows_of_a_clinic() -> None:
    expected = keys_between_walled_tables()
    with connection.cursor() as cursor:
        found = keys_of_postgresql(cursor) if ON_POSTGRESQL else keys_of_sqlite(cursor)

    assert len(expected) > 60
    assert found == expected == set(keys_within_clinics())


def test_what_is_unique_is_so_within_its_clinic() -> None:
    rules = {
        f"{model._meta.label}: {one.fields}"
        for model in walled_models()
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and "clinic" not in one.fields
    }
    fields = {
        str(field)
        for model in walled_models()
        for field in model._meta.concrete_fields
        if field.unique and not (field.primary_key or is_one_to_one_with_a_rule(model, field))
    }

    assert rules | fields == set()


def is_one_to_one_with_a_rule(model: type[Model], field: Any) -> bool:
    return isinstance(field, OneToOneField) and any(
        isinstance(one, UniqueConstraint) and tuple(one.fields) == ("clinic", field.name)
        for one in model._meta.constraints
    )


def test_no_model_of_another_kind_is_scoped_and_no_key_is_plain() -> None:
    scoped = {
        model
        for model in apps.get_models()
        if type(model._default_manager).__module__ == "django_scopes.manager"
    }
    plain = {
        str(field)
        for model in walled_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and issubclass(field.related_model, OfAClinic)
        and not isinstance(field, ClinicForeignKey)
    }

    assert scoped == set(walled_models())
    assert plain == set()
    assert {model._meta.base_manager_name or model._base_manager.name for model in scoped} == {
        "in_scope"
    }


@pytest.fixture
def two_cases(therapist: User, other_therapist: User) -> tuple[Case, Case]:
    return make_case(therapist, tms_courses=1), make_case(other_therapist, tms_courses=1)


def an_answer(case: Case, clinic: Clinic, /, **other: object) -> Answer:
    said = {"question": "x", "value": 1, "edition": "1", "saved_by": case.therapist}
    now = timezone.now()
    return Answer(
        **said
        | {"clinic": clinic, "case": case, "assessed_on": now.date(), "saved_at": now}
        | other
    )


def parent_comes_second(ours: Case, theirs: Case) -> None:
    missing = uuid4()
    an_answer(ours, ours.clinic, case=None, case_id=missing).save()
    theirs.pk, theirs.number = missing, 77
    theirs.save(force_insert=True)


def changes(model: Any, one: Case, /, **change: object) -> None:
    model.objects.filter(**{"pk" if model is Case else "case": one.pk}).update(**change)


LEADS_ELSEWHERE: dict[str, Callable[[Case, Case], object]] = {
    "a new row": lambda ours, theirs: an_answer(theirs, ours.clinic).save(),
    "many": lambda ours, theirs: Answer.objects.bulk_create([an_answer(theirs, ours.clinic)]),
    "another key": lambda ours, theirs: changes(Answer, ours, case=theirs),
    "another clinic": lambda ours, theirs: changes(Answer, ours, clinic=theirs.clinic),
    "a parent that moves": lambda ours, theirs: changes(Case, ours, clinic=theirs.clinic),
    "a key to its own kind": lambda ours, theirs: changes(Case, ours, copied_from=theirs),
    "a parent that comes second": parent_comes_second,
}


@pytest.mark.django_db
@for_each("way", LEADS_ELSEWHERE)
def test_row_that_leads_to_another_clinic_is_refused(
    two_cases: tuple[Case, Case], way: str
) -> None:
    def take_it() -> None:
        with transaction.atomic():
            LEADS_ELSEWHERE[way](*(Case.objects.get(pk=one.pk) for one in two_cases))
            connection.check_constraints()

    with scopes_disabled():
        with pytest.raises(IntegrityError):
            take_it()
        assert Answer.objects.count() == 2


@pytest.mark.django_db
def test_keys_that_were_lost_are_told_and_there_after_the_next_migrate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kapnet.ready.close_database", lambda: None)  # the test's own connection

    def names() -> set[Key]:
        with connection.cursor() as cursor:
            return keys_of_postgresql(cursor) if ON_POSTGRESQL else keys_of_sqlite(cursor)

    whole = names()
    with connection.cursor() as cursor:
        if ON_POSTGRESQL:
            cursor.execute(
                "ALTER TABLE decisions_answer DROP CONSTRAINT decisions_answer_case_id_same_clinic"
            )
            cursor.execute(
                "ALTER TABLE decisions_answer ADD CONSTRAINT decisions_x_same_clinic FOREIGN KEY "
                "(clinic_id, saved_by_id) REFERENCES decisions_case (clinic_id, id)"
                " NOT VALID"
            )
        else:
            cursor.execute("DROP TRIGGER decisions_answer_same_clinic_insert")
    lost = "decisions_answer_" + ("case_id_same_clinic" if ON_POSTGRESQL else "same_clinic_insert")
    assert lets_clinics_mix() == [lost]
    with pytest.raises(SystemExit, match=lost):
        stop_unless_ready()

    bind(connection)

    assert names() == whole
    assert lets_clinics_mix() == []


@pytest.mark.django_db
def test_rows_get_their_clinic_and_queries_name_it(two_cases: tuple[Case, Case]) -> None:
    ours, theirs = two_cases
    with scope(clinic=ours.clinic), CaptureQueriesContext(connection) as asked:
        one = ours.answers.create(**bare(ours))
        Answer.objects.bulk_create([Answer(case_id=ours.pk, **bare(ours, question="many"))])
        one.refresh_from_db()
        one.save()
        assert one.case == ours
        assert not hasattr(ours, "plan")
        assert list(Case.objects.exclude(answers__question="tms_courses")) == []
        assert list(Answer.objects.filter(case__number=ours.number).values_list("case__plan"))
        assert list(Case.objects.prefetch_related("answers"))
    with scopes_disabled():
        elsewhere = Answer(case_id=theirs.pk, **bare(theirs))
        elsewhere.save()
        of_all = set(Answer.objects.values_list("case", "clinic"))

    assert of_all == {(case.pk, case.clinic_id) for case in two_cases}
    said = [one["sql"] for one in asked.captured_queries]
    assert [sql for sql in said if '"clinic_id"' not in sql] == []
    assert [sql for sql in said if sql.count('"clinic_id" = (') != sql.count(" JOIN ")] == []
    assert any(" JOIN " in sql for sql in said)


def bare(case: Case, **other: object) -> dict[str, Any]:
    now = timezone.now()
    said = {"question": "x", "value": 1, "edition": "1", "saved_by": case.therapist}
    return said | {"assessed_on": now.date(), "saved_at": now} | other
