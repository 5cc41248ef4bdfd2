"""A query that is made once finds what it would find if it were made each time."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kapnet.core.accounts.backends import ClinicBackend
from kapnet.core.once import nothing_changes, once_a_read
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.session_store import SessionStore

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
