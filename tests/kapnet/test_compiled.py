"""A query that is made once finds what it would find if it were made each time."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import ScopeError, scope, scopes_disabled

from decisions.cases.models import Answer, Case
from decisions.cases.queries import CASE_WITH_CONTEXT, cases_with_context
from kapnet.core.accounts.backends import ClinicBackend
from kapnet.core.compiled import Compiled, Given
from kapnet.core.once import nothing_changes, once_a_read
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.session_store import SessionStore
from tests.decisions.case_factories import POSITIVE_FORM, make_case

pytestmark = pytest.mark.django_db


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


def test_compiled_query_reads_what_a_plain_one_reads(therapist: User) -> None:
    case = make_case(therapist, tms_courses=2, phq9=POSITIVE_FORM)
    answers = Compiled(
        lambda: (
            Answer.objects.filter(case=Given("case", Case._meta.get_field("id")))
            .order_by("question")
            .values_list("question", "value")
        )
    )

    with scope(clinic=therapist.membership.clinic):
        for _ in range(2):
            found, plain = CASE_WITH_CONTEXT.get(id=case.pk), cases_with_context().get(pk=case.pk)
            assert vars(found).keys() == vars(plain).keys()
            assert {k: v for k, v in vars(found).items() if k != "_state"} == {
                k: v for k, v in vars(plain).items() if k != "_state"
            }
            assert found.therapist == plain.therapist
            assert dict(answers.rows(case=case.pk))["tms_courses"] == 2
            Answer.objects.filter(case=case, question="tms_courses").update(value=2, version=5)

        with CaptureQueriesContext(connection) as asked:
            assert answers.first(case=uuid4()) is None
            with pytest.raises(Case.DoesNotExist):
                CASE_WITH_CONTEXT.get(id=uuid4())

    assert sum("SELECT" in one["sql"] and "decisions_" in one["sql"] for one in asked) == 2
