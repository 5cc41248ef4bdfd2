"""Closed cases past their time are listed, and deleted when two people agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases import told
from decisions.cases.actions import AGE
from decisions.cases.models import Answer, Case
from decisions.cases.told import Hold
from decisions.desk.replies.models import Reply
from decisions.emergency.actions import open_in_emergency
from decisions.letters.models import Letter
from decisions.life import deleting
from decisions.life.actions import close_case, copy_case, reopen_case
from decisions.life.deleting import (
    DeletionRefused,
    agree_to_deletion,
    ask_for_deletion,
    delete_agreed,
    take_deletion_back,
)
from decisions.life.keeping import kept_until
from decisions.life.models import Deletion
from decisions.life.queries import past_keeping
from kapnet.core.audit.models import Event
from kapnet.core.audit.side_by_side import check_chains
from kapnet.core.encryption.guards import has_guards
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.decisions.letters.stored_letters import make_signed
from tests.kapnet.core.encryption.kept_rows import NAME, fill_everything

ClientFor = Callable[[User], Client]
YEARS = 7
AT_ONCE = timedelta(0)


@for_each(
    ("closed", "born", "last"),
    [
        ("2020-05-17", None, "2027-05-17"),
        ("2020-05-17", "1984-03-14", "2027-05-17"),
        ("2020-05-17", "2010-06-01", "2035-06-01"),
        ("2020-05-17", "2002-05-17", "2027-05-17"),
        ("2020-02-29", None, "2027-03-01"),
        ("2020-01-01", "2008-02-29", "2033-03-01"),
    ],
)
def test_case_is_kept_for_years_after_its_end_and_of_a_minor_after_18(
    closed: str, born: str | None, last: str
) -> None:
    day = date.fromisoformat(born) if born else None

    assert kept_until(date.fromisoformat(closed), born=day, years=YEARS).isoformat() == last


def close_long_ago(case: Case, therapist: User, *, years: int = YEARS) -> None:
    with clinic_of(therapist):
        close_case(case=case, actor=therapist, reason="finished")
        ago = timezone.now() - timedelta(days=366 * years + 2)
        Case.objects.filter(pk=case.pk).update(closed_at=ago)


def listed(therapist: User) -> list[Case]:
    with clinic_of(therapist):
        return [one.case for one in past_keeping(therapist.membership.clinic)]


@pytest.mark.django_db
def test_list_holds_what_is_past_its_time_and_nothing_that_is_needed(therapist: User) -> None:
    past, young, episode = (make_case(therapist) for _ in range(3))
    make_case(therapist)
    close_long_ago(past, therapist)
    close_long_ago(young, therapist, years=YEARS - 2)
    close_long_ago(episode, therapist)
    with clinic_of(therapist):
        copy_case(case=episode, actor=therapist)

    assert listed(therapist) == [past]


@pytest.mark.django_db
def test_case_of_a_minor_whose_age_alone_was_answered_is_kept_as_long(therapist: User) -> None:
    minor, grown = make_case(therapist), make_case(therapist)
    for case, years in ((minor, 15), (grown, 40)):
        with clinic_of(therapist):
            Case.objects.filter(pk=case.pk).update(date_of_birth=None)
            Answer.objects.filter(case=case, question=AGE).delete()
        answer(case, therapist, AGE, years)
        close_long_ago(case, therapist)
    with clinic_of(therapist):
        before = timezone.localdate() - timedelta(days=366 * YEARS + 3)
        Answer.objects.filter(question=AGE).update(assessed_on=before)

    assert listed(therapist) == [grown]


@pytest.mark.django_db(transaction=True)
def test_deletion_that_is_taken_back_while_others_are_deleted_leaves_the_case(
    therapist: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "DELETED_AFTER", AT_ONCE)
    first, second = make_case(therapist), make_case(therapist)
    for case in (first, second):
        close_long_ago(case, therapist)
        with clinic_of(therapist):
            deletion = ask_for_deletion(case=case, actor=therapist)
            agree_to_deletion(deletion=deletion, actor=manager)

    with scopes_disabled():
        running = delete_agreed()
        next(running)
        take_deletion_back(deletion=Deletion.objects.get(case_id=second.pk), actor=therapist)

        assert list(running) == []
        assert list(Case.objects.all()) == [second]


def without(case_id: object) -> list[str]:
    """Tables in which something still names this case."""
    found = []
    with scopes_disabled():
        for model in apps.get_models():
            for key in model._meta.concrete_fields:
                if isinstance(key, models.ForeignKey) and key.related_model is Case:
                    rows: Any = model._base_manager
                    found += [model._meta.label] * rows.filter(**{key.attname: case_id}).count()
    return found


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_case_is_deleted_by_two_people_and_an_event_outlives_it(
    therapist: User,
    manager: User,
    staff: User,
    client_for: ClientFor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter, other = fill_everything(therapist, staff), make_signed(therapist)
    case = letter.case
    close_long_ago(case, therapist)
    monkeypatch.setattr(told, "_hold_tellers", [])
    first, second = client_for(therapist), client_for(manager)
    page, act = "/closed-cases/", f"/closed-cases/{case.pk}/"

    first.post(f"{act}ask/")
    first.post(f"{act}settle/")
    with clinic_of(therapist):
        assert Deletion.objects.get().agreed_at is None
    call_command("delete_cases", stdout=StringIO())
    assert NAME not in second.get(page).content.decode()
    second.post(f"{act}settle/")
    call_command("delete_cases", stdout=StringIO())
    assert without(case.pk)
    monkeypatch.setattr(deleting, "DELETED_AFTER", AT_ONCE)
    said = StringIO()
    call_command("delete_cases", stdout=said)

    assert f"case {case.number:04d} deleted" in said.getvalue()
    assert without(case.pk) == []
    with scopes_disabled():
        assert not Case.objects.filter(pk=case.pk).exists()
        assert list(Letter.objects.values_list("pk", flat=True)) == [other.pk]
        event = Event.objects.get(action="case.deleted")
        assert (event.case_id, event.actor) == (case.pk, manager)
        assert f"asked for by {therapist.pk}, agreed to by {manager.pk}" in event.reason
        assert check_chains().problems == []
        assert has_guards(connection, "letters_letter")
        with pytest.raises(DatabaseError), transaction.atomic():
            Letter.objects.filter(pk=other.pk)._raw_delete(connection.alias)
    assert f"Case {case.number:04d}, " in second.get(page).content.decode()
    trail = second.get("/clinic/audit/", {"case": str(case.number)}).content.decode()
    assert f"Case {case.number:04d}: deleted for good" in trail


@pytest.mark.django_db
def test_deletion_ends_with_the_reopening_of_the_case(
    therapist: User, client_for: ClientFor
) -> None:
    case = make_case(therapist)
    close_long_ago(case, therapist)
    client_for(therapist).post(f"/closed-cases/{case.pk}/ask/")

    with clinic_of(therapist):
        reopen_case(case=case, actor=therapist)

        assert Deletion.objects.get().taken_back_by == therapist
    answer = client_for(therapist).post(f"/closed-cases/{case.pk}/settle/", follow=True)
    assert "or it was taken back" in answer.content.decode()


@pytest.mark.django_db
def test_case_that_is_deleted_while_somebody_reopens_it_is_not_found(
    therapist: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(therapist)
    close_long_ago(case, therapist)

    def as_if_deleted(**named: Any) -> None:
        reopen_case(**{**named, "case": Case(pk=uuid4())})

    monkeypatch.setattr("decisions.life.views.reopen_case", as_if_deleted)

    assert client_for(therapist).post(f"/cases/{case.pk}/reopen/", {"note": ""}).status_code == 404


@pytest.mark.django_db
def test_case_that_is_not_past_its_time_is_not_asked_for(
    therapist: User, client_for: ClientFor
) -> None:
    case = make_case(therapist)

    answer = client_for(therapist).post(f"/closed-cases/{case.pk}/ask/", follow=True)

    assert "This case is not past its time" in answer.content.decode()
    with clinic_of(therapist):
        assert not Deletion.objects.exists()


@pytest.mark.django_db
def test_every_room_says_what_holds_a_case_back(
    therapist: User, staff: User, manager: User
) -> None:
    letter = fill_everything(therapist, staff)
    case = letter.case
    with clinic_of(therapist):
        open_in_emergency(case=case, actor=manager, reason="Nobody reaches the therapist.")
        Reply.objects.create(clinic=case.clinic, link=letter.reply_link, kind="asks", name="R.")
        today = timezone.localdate()
        found = {(one.what, one.since) for one in told.holds_on([case.pk])}

    assert found == {
        ("a task about a signed letter is open", None),
        ("a letter was signed", today),
        ("a consent was in effect", today),
        ("a course of treatment is under way: say how it ended", None),
        ("the patient filled in a form", today),
        ("nobody has looked at an emergency access", None),
        ("it was opened in an emergency", today),
        ("the desk expects something of a letter: mark it done, or clear its day", None),
        ("a step of a delivery was noted", today),
        ("a reply to a letter waits for the desk", None),
        ("a reply to a letter came", today),
    }
    close_long_ago(case, therapist)
    assert listed(therapist) == []


@pytest.mark.django_db(transaction=True)
def test_what_holds_a_case_back_is_said_and_nothing_is_deleted_meanwhile(
    therapist: User, manager: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, waits = make_case(therapist), "something waits for somebody"
    held: dict[str, Any] = {}
    close_long_ago(case, therapist)
    monkeypatch.setattr(deleting, "DELETED_AFTER", AT_ONCE)
    monkeypatch.setattr(told, "_hold_tellers", [lambda ids: [Hold(case.pk, waits, **held)]])
    client = client_for(therapist)

    page = client.get("/closed-cases/").content.decode()
    refused = client.post(f"/closed-cases/{case.pk}/ask/", follow=True).content.decode()
    assert waits in page
    assert "Ask for its deletion" not in page
    assert f"still needed: {waits}" in refused

    held["since"] = timezone.localdate() - timedelta(days=366 * 2)
    assert listed(therapist) == []
    held["since"] = timezone.localdate() - timedelta(days=366 * (YEARS + 1))
    assert listed(therapist) == [case]
    with clinic_of(therapist):
        deletion = ask_for_deletion(case=case, actor=therapist)
    held["since"] = None
    with clinic_of(therapist), pytest.raises(DeletionRefused):
        agree_to_deletion(deletion=deletion, actor=manager)
    held["since"] = case.created_at.date() - timedelta(days=366 * (YEARS + 1))
    with clinic_of(therapist):
        agree_to_deletion(deletion=deletion, actor=manager)
    held["since"] = None
    with scopes_disabled():
        assert list(delete_agreed()) == []
        assert Case.objects.filter(pk=case.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_number_of_a_deleted_case_is_never_given_again(
    therapist: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(therapist)
    newest = make_case(therapist)
    close_long_ago(newest, therapist)
    monkeypatch.setattr(deleting, "DELETED_AFTER", AT_ONCE)
    with clinic_of(therapist):
        deletion = ask_for_deletion(case=newest, actor=therapist)
        agree_to_deletion(deletion=deletion, actor=manager)
    with scopes_disabled():
        assert len(list(delete_agreed())) == 1

    assert make_case(therapist).number == newest.number + 1


@pytest.mark.both_databases
@pytest.mark.django_db
def test_deletion_is_noted_once_and_stays(therapist: User, manager: User) -> None:
    case = make_case(therapist)
    close_long_ago(case, therapist)
    with clinic_of(therapist):
        deletion = ask_for_deletion(case=case, actor=therapist)
        agree_to_deletion(deletion=deletion, actor=manager)
        row = Deletion.objects.filter(pk=deletion.pk)

        for change in (
            {"case_number": 99},
            {"kept_until": timezone.localdate()},
            {"asked_by": manager},
            {"agreed_by": None},
            {"agreed_at": None},
            {"agreed_at": timezone.now() - timedelta(days=8)},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                row.update(**change)
        take_deletion_back(deletion=deletion, actor=manager)
        for change in (
            {"taken_back_at": timezone.now()},
            {"taken_back_at": None},
            {"deleted_at": timezone.now()},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                row.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            row._raw_delete(connection.alias)
