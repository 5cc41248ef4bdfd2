"""A query that is made once finds what it would find if it were made each time."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import ScopeError, scope, scopes_disabled

from decisions.cases.models import Answer, Case
from decisions.cases.queries import CASE_WITH_ANSWERS, answers_in, cases_with_context
from kapnet.core.accounts.backends import ClinicBackend
from kapnet.core.compiled import CLINIC, Compiled, Given, _OfScopes
from kapnet.core.later import import_what_is_named
from kapnet.core.once import nothing_changes, once_a_read
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.session_store import SessionStore
from tests.decisions.case_factories import POSITIVE_FORM, make_case

pytestmark = pytest.mark.django_db

ROOTS = ("kapnet", "decisions", "evidence")
OF_NO_CLINIC = {
    "kapnet.core.web.session_store._STORED",
    "kapnet.core.notices.telling._TOLD",  # is given the clinic of who asks
    "kapnet.core.accounts.backends._ACTIVE",
    "kapnet.core.people.queries._STOOD_IN_FOR",
    "kapnet.core.people.queries._REPLACED",
    "evidence.queries._NEWEST",
    "decisions.desk.queries._PEOPLE",  # is given the clinic whose people are asked for
}
"""Queries about nothing that a clinic keeps: they are asked without a scope, too."""


def every_compiled() -> dict[str, _OfScopes]:
    """What the whole program asks and writes by queries that are made once, by name."""
    import_what_is_named()
    __import__(settings.ROOT_URLCONF)
    return {
        f"{module}.{name}": one
        for module in sorted(sys.modules)
        if module.partition(".")[0] in ROOTS
        for name, one in vars(sys.modules[module]).items()
        if isinstance(one, _OfScopes) and _is_made_in(module, name)
    }


def _is_made_in(module: str, name: str) -> bool:
    text = Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
    return re.search(rf"^{name}\b.*= Compiled", text, re.MULTILINE) is not None


def _made_in_the_tree() -> int:
    files = (one for root in ROOTS for one in (settings.BASE_DIR / root).rglob("*.py"))
    made = re.compile(r"^\w+\b.*= Compiled(Update)?\(", re.MULTILINE)
    return sum(len(made.findall(one.read_text(encoding="utf-8"))) for one in files)


def _asked_in(one: _OfScopes, clinic: Clinic | None) -> tuple[str, list[object]]:
    """Its SQL for the scope of this moment, with the clinic in place."""
    made = one._made_for({name: [uuid4()] for name in one._many})
    assert made is not None
    return _without_brackets(made.sql), [*_with(made.parameters, clinic)]


def _asked_plainly(one: _OfScopes, clinic: Clinic | None) -> tuple[str, list[object]]:
    """The same as Django makes it now."""
    many = {name: [Given(f"{name} 0", field)] for name, field in one._many.items()}
    queryset, query = one._queries(many)
    sql, parameters = query.get_compiler(queryset.db).as_sql()
    return _without_brackets(sql), [*_with(parameters, clinic)]


def _without_brackets(sql: str) -> str:
    """Django puts a `Given` into brackets, which say nothing."""
    return sql.replace("(%s)", "%s")


def _with(parameters: tuple[object, ...], clinic: Clinic | None) -> Iterator[object]:
    for one in parameters:
        if not isinstance(one, Given):
            yield one
        elif one.name == CLINIC:
            assert clinic is not None
            yield one.output_field.get_db_prep_value(clinic.pk, connection)
        else:
            yield one.name


def test_every_compiled_query_is_in_each_scope_what_it_would_be_if_it_were_made_there() -> None:
    every, ours, theirs = every_compiled(), Clinic(), Clinic()
    id_of = Clinic._meta.pk.get_db_prep_value
    assert len(every) == _made_in_the_tree() > 20

    for name, one in every.items():
        for clinic, other in ((ours, theirs), (theirs, ours), (ours, theirs)):
            with scope(clinic=clinic):
                sql, parameters = _asked_in(one, clinic)
                assert (sql, parameters) == _asked_plainly(one, clinic), name
                assert id_of(other.pk, connection) not in parameters, name
                assert name in OF_NO_CLINIC or id_of(clinic.pk, connection) in parameters, name
                with scopes_disabled():
                    found = _asked_in(one, None)
                    assert found == _asked_plainly(one, None), name
                    assert id_of(clinic.pk, connection) not in found[1], name
        if name in OF_NO_CLINIC:
            assert _asked_in(one, None) == _asked_plainly(one, None), name
        else:
            with pytest.raises(ScopeError):
                _asked_in(one, None)


def test_user_comes_with_place_and_clinic_as_they_are_now(
    therapist: User, manager: User, clinic: Clinic
) -> None:
    backend = ClinicBackend()
    for person in (therapist, manager):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = backend.get_user(str(person.pk))
            assert found == person
            assert found is not None
            assert found.membership.clinic == clinic
        assert len(asked) == 1

    User.objects.filter(pk=therapist.pk).update(name="Another name")
    renamed = backend.get_user(therapist.pk)
    assert renamed is not None
    assert renamed.name == "Another name"

    User.objects.filter(pk=therapist.pk).update(is_active=False)
    assert backend.get_user(therapist.pk) is None


def test_session_is_read_until_it_expires_and_by_its_own_key_alone() -> None:
    stored = SessionStore()
    stored["what"] = "kept"
    stored.save()
    other = SessionStore()
    other.save()

    assert SessionStore(stored.session_key)["what"] == "kept"
    assert "what" not in SessionStore(other.session_key)
    assert SessionStore("x" * 32).load() == {}

    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=stored.session_key).update(expire_date=past)
    expired = SessionStore(stored.session_key)
    assert (expired.load(), expired.session_key) == ({}, None)


def test_what_a_page_asks_again_is_asked_once_only_where_nothing_changes() -> None:
    asked: list[int] = []

    @once_a_read
    def ask(what: int) -> int:
        asked.append(what)
        return what

    ask(1), ask(1)
    with nothing_changes():
        assert (ask(1), ask(1), ask(2)) == (1, 1, 2)
        beside = Thread(target=ask, args=[1])
        beside.start()
        beside.join()
    with nothing_changes():
        ask(1)

    assert asked == [1, 1, 1, 2, 1, 1]


def test_compiled_query_stands_behind_the_wall_of_the_scope(
    therapist: User, other_therapist: User
) -> None:
    ours, theirs = make_case(therapist), make_case(other_therapist)
    sees = {"ours": {ours.pk}, "theirs": {theirs.pk}, "every": {ours.pk, theirs.pk}, "none": None}
    numbered = Compiled(
        lambda: Case.objects.filter(number=Given("number", Case._meta.get_field("number")))
    )

    def scope_of(name: str) -> AbstractContextManager[None]:
        people = {"ours": therapist, "theirs": other_therapist}
        if name in people:
            clinic: AbstractContextManager[None] = scope(clinic=people[name].membership.clinic)
            return clinic
        return scopes_disabled() if name == "every" else nullcontext()

    def asked(name: str) -> set[object] | None:
        with scope_of(name):
            try:
                return {one.pk for one in numbered.rows(number=1)}
            except ScopeError:
                return None

    # What was made for one scope answers in no other.
    for name in ("every", "none", "ours", "none", "theirs", "every", "ours"):
        assert asked(name) == sees[name], name


def _fields(one: Case | Answer) -> dict[str, object]:
    return {name: value for name, value in vars(one).items() if name != "_state"}


def _question(one: Answer) -> str:
    return one.question


@pytest.mark.both_databases  # each writes answers as JSON in its own way
def test_compiled_query_reads_what_a_plain_one_reads(therapist: User) -> None:
    case = make_case(
        therapist, tms_courses=2, phq9=POSITIVE_FORM, comorbidities=["ocd"], suicide_risk="unknown"
    )
    answers = Compiled(
        lambda: (
            Answer.objects.filter(case=Given("case", Case._meta.get_field("id")))
            .order_by("question")
            .values_list("question", "value")
        )
    )

    with scope(clinic=therapist.membership.clinic):
        for _ in range(2):
            found, plain = CASE_WITH_ANSWERS.get(id=case.pk), cases_with_context().get(pk=case.pk)
            at_once = vars(found).pop("answers_at_once")
            assert vars(found).keys() == vars(plain).keys()
            assert _fields(found) == _fields(plain)
            assert [*map(_fields, sorted(answers_in(found, at_once), key=_question))] == [
                *map(_fields, sorted(Answer.objects.filter(case=plain), key=_question))
            ]
            assert found.therapist == plain.therapist
            assert dict(answers.rows(case=case.pk))["tms_courses"] == 2
            Answer.objects.filter(case=case, question="tms_courses").update(value=2, version=5)
            Answer.objects.filter(case=case, question="comorbidities").update(value=None)

        with CaptureQueriesContext(connection) as asked:
            assert answers.first(case=uuid4()) is None
            with pytest.raises(Case.DoesNotExist):
                CASE_WITH_ANSWERS.get(id=uuid4())

    assert sum("SELECT" in one["sql"] and "decisions_" in one["sql"] for one in asked) == 2
