"""Emergency access (S-13): a reason, a time, an alert, a line in the log, and the wall stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.emergency.actions import end_access, open_in_emergency
from decisions.emergency.models import EmergencyAccess, EmergencySearch, EmergencyStep
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Membership, Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import POSITIVE_FORM, clinic_of, make_case
from tests.factories import make_clinic, make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)

Clients = Callable[[User], Client]
FIND, OPEN = "/emergency/", "/emergency/open/"
PATIENT = "Orla Testcase"
REASON = "The patient rang, nobody of the therapists could be reached."

CHANGES = (
    "DELETE FROM emergency_emergencyaccess",
    "UPDATE emergency_emergencyaccess SET ends_at = opened_at",
    "DELETE FROM emergency_emergencystep",
    "UPDATE emergency_emergencystep SET kind = 'seen'",
)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, name=PATIENT)


def opened(case: Case, person: User) -> EmergencyAccess:
    with clinic_of(person):
        return open_in_emergency(case=case, actor=person, reason=REASON)


def address(access: EmergencyAccess, name: str = "read") -> str:
    return reverse(f"emergency:{name}", args=[access.pk])


def all_accesses() -> list[EmergencyAccess]:
    with scopes_disabled():
        return list(EmergencyAccess.objects.all())


def refusals() -> list[tuple[str, str]]:
    found = Event.objects.filter(outcome=Outcome.REFUSED).order_by("id")
    return list(found.values_list("action", "reason"))


# Opening


@pytest.mark.both_databases
@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_s13_case_is_opened_with_a_reason_and_read(
    case: Case, clinic: Clinic, client_for: Clients, role: Role
) -> None:
    client = client_for(make_member(clinic=clinic, role=role))

    response = client.post(OPEN, {"words": PATIENT, "case": case.pk, "reason": REASON})
    (access,) = all_accesses()
    page = client.get(address(access)).content.decode()

    assert response["Location"] == address(access)
    assert access.ends_at - access.opened_at == timedelta(minutes=60)
    assert PATIENT in page
    assert f"{timezone.localtime(access.ends_at):%H:%M}" in page


@for_each("reason", ["", "   ", "urgent", "x" * 501], undone=True)
def test_s13_without_a_reason_nothing_is_opened_and_what_was_typed_stays(
    case: Case, staff: User, client_for: Clients, reason: str
) -> None:
    fields = {"words": "Orla", "case": case.pk, "reason": reason}

    response = client_for(staff).post(OPEN, fields)

    page = response.content.decode()
    assert response.status_code == 422
    assert all_accesses() == []
    assert "There is a problem" in page
    assert 'value="Orla"' in page
    assert reason.strip() in page
    assert PATIENT not in page


def test_s13_without_a_choice_nothing_is_opened(
    case: Case, staff: User, client_for: Clients
) -> None:
    response = client_for(staff).post(OPEN, {"words": "Orla", "reason": REASON})

    assert response.status_code == 422
    assert "Choose the patient" in response.content.decode()
    assert REASON in response.content.decode()
    assert all_accesses() == []


@pytest.mark.both_databases
def test_opening_again_while_it_is_open_leads_to_the_same(
    case: Case, staff: User, client_for: Clients
) -> None:
    client, fields = client_for(staff), {"words": "1", "case": case.pk, "reason": REASON}

    first, second = client.post(OPEN, fields), client.post(OPEN, fields)

    assert first["Location"] == second["Location"]
    assert len(all_accesses()) == 1


def test_s13_opening_too_often_is_stopped(
    case: Case, staff: User, client_for: Clients, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "emergency.open": "1/h/user"}
    client, fields = client_for(staff), {"words": "1", "case": case.pk, "reason": REASON}

    answers = [client.post(OPEN, fields).status_code for _ in range(2)]

    assert answers == [302, 429]
    assert ("emergency.open", "too many within the time") in refusals()
    assert client.get(FIND).status_code == 200


# Finding


@pytest.mark.both_databases
@for_each(
    "words",
    ["1", "0001", "Case 1", "case 0001", "orl", "Testcase O", "REF-7"],
    undone=True,
)
def test_case_is_found_by_number_name_and_reference(
    therapist: User, staff: User, client_for: Clients, words: str
) -> None:
    case = make_case(therapist, name=PATIENT)
    with clinic_of(therapist):
        case.reference = "REF-7"
        case.save()

    page = client_for(staff).post(FIND, {"words": words, "reason": REASON}).content.decode()

    assert f'value="{case.pk}"' in page


@for_each("words", ["2", "9" * 30, "Nobody", "--", "%%", "rla"], undone=True)
def test_nobody_else_is_found(case: Case, staff: User, client_for: Clients, words: str) -> None:
    page = client_for(staff).post(FIND, {"words": words, "reason": REASON}).content.decode()

    assert str(case.pk) not in page
    assert "No case of your clinic has this number" in page


def test_a_single_letter_lists_nobody(case: Case, staff: User, client_for: Clients) -> None:
    response = client_for(staff).post(FIND, {"words": "O", "reason": REASON})

    assert response.status_code == 422
    assert "at least two letters" in response.content.decode()
    assert PATIENT not in response.content.decode()


def test_many_of_one_name_are_told(therapist: User, staff: User, client_for: Clients) -> None:
    for _ in range(11):
        make_case(therapist, name=PATIENT)

    page = client_for(staff).post(FIND, {"words": "Orla", "reason": REASON}).content.decode()

    assert page.count('name="case"') == 10
    assert "There are more." in page


def test_searches_are_written_down_without_their_words(
    case: Case, staff: User, client_for: Clients
) -> None:
    client_for(staff).post(FIND, {"words": "Orla", "reason": REASON})

    event = Event.objects.get(action="emergency.searched")
    assert event.actor == staff
    assert "Orla" not in f"{event.object_id}{event.reason}"


def test_searching_too_often_is_stopped(staff: User, client_for: Clients, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "emergency.search": "1/h/user"}
    client = client_for(staff)

    answers = [client.post(FIND, {"words": "Orla", "reason": REASON}).status_code for _ in range(2)]

    assert answers == [200, 429]


SEARCH_DOORS = {
    FIND: {"words": "Orla", "reason": REASON},
    OPEN: {"words": "Orla", "reason": REASON},
}
"""What shows patients: a search, and the list that comes back where nobody was chosen."""
each_door = pytest.mark.parametrize("address", SEARCH_DOORS)


def searches_of(person: User) -> int:
    return Event.objects.filter(action="emergency.searched", actor=person).count()


@each_door
@for_each(
    "said", [{}, {"reason": ""}, {"reason": "   "}, {"reason": "urgent"}, {"reason": "x" * 501}]
)
def test_s13_nobody_is_named_before_a_reason_is_given(
    case: Case, staff: User, client_for: Clients, address: str, said: dict[str, str]
) -> None:
    response = client_for(staff).post(address, {"words": "Orla", **said})

    page = response.content.decode()
    assert response.status_code == 422
    assert PATIENT not in page
    assert str(case.pk) not in page
    assert searches_of(staff) == 0


@each_door
def test_s13_whatever_names_a_patient_is_written_down(
    case: Case, staff: User, client_for: Clients, address: str
) -> None:
    page = client_for(staff).post(address, SEARCH_DOORS[address]).content.decode()

    assert PATIENT in page
    assert searches_of(staff) == 1


def test_s13_reason_of_a_search_that_opens_nothing_is_kept_for_managers(
    case: Case, staff: User, manager: User, clinic: Clinic, client_for: Clients
) -> None:
    client_for(staff).post(FIND, {"words": "Orla", "reason": REASON})
    other = make_member(clinic=clinic, role=Role.STAFF)

    pages = {one: client_for(one).get(FIND).content.decode() for one in (staff, manager, other)}

    assert [REASON in pages[one] for one in (staff, manager, other)] == [True, True, False]
    assert "1 patient shown" in pages[manager]
    assert PATIENT not in "".join(pages.values())
    with scopes_disabled():
        search = EmergencySearch.objects.get()
    assert Event.objects.get(action="emergency.searched").object_id == str(search.pk)


@each_door
def test_s13_whatever_names_a_patient_counts_against_the_limit(
    case: Case, staff: User, client_for: Clients, settings: Any, address: str
) -> None:
    settings.LIMITS = {**settings.LIMITS, "emergency.search": "2/h/user"}
    client = client_for(staff)
    for door, fields in SEARCH_DOORS.items():
        assert PATIENT in client.post(door, fields).content.decode()

    answer = client.post(address, SEARCH_DOORS[address])

    assert answer.status_code == 429
    assert PATIENT not in answer.content.decode()
    assert ("emergency.search", "too many within the time") in refusals()


def test_s13_every_way_to_ask_the_emergency_pages_names_nobody_in_secret(
    case: Case, staff: User, manager: User, client_for: Clients, settings: Any
) -> None:
    """Any mixture of the fields, sent to any of the addresses, by GET and by POST."""
    often = {"emergency.search": "9999/h/user", "emergency.open": "9999/h/user"}
    settings.LIMITS = {**settings.LIMITS, **often}
    values = {"words": ["Orla", "1", ""], "reason": [REASON, "no"], "case": [str(case.pk), "x", ""]}
    names = list(values)
    for person in (staff, manager):
        client = client_for(person)
        for mixture in product(*([None, *values[name]] for name in names)):
            fields = {name: one for name, one in zip(names, mixture, strict=True) if one}
            for address in (FIND, OPEN):
                for ask in (client.get, client.post):
                    before = Event.objects.exclude(action="emergency.listed").count()
                    page = ask(address, fields).content.decode()
                    if PATIENT in page:
                        assert Event.objects.exclude(action="emergency.listed").count() > before


def test_s13_list_of_accesses_is_written_down(staff: User, client_for: Clients) -> None:
    client_for(staff).get(FIND)

    assert Event.objects.filter(action="emergency.listed", actor=staff).count() == 1


# At once


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_four_requests_at_once_make_one_access(case: Case, staff: User) -> None:
    ready, made = Barrier(4), []

    def open_it() -> None:
        ready.wait()
        try:
            made.append(opened(case, User.objects.get(pk=staff.pk)).pk)
        finally:
            connection.close()

    threads = [Thread(target=open_it) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(set(made)) == 1
    assert len(made) == 4
    assert len(all_accesses()) == 1
    assert Event.objects.filter(action="emergency.opened").count() == 1


# The wall


def test_s13_another_clinics_case_is_neither_found_nor_opened(
    case: Case, client_for: Clients
) -> None:
    stranger = make_member(clinic=make_clinic(name="Elsewhere"), role=Role.STAFF)
    client = client_for(stranger)

    page = client.post(FIND, {"words": "Orla", "reason": REASON}).content.decode()
    response = client.post(OPEN, {"words": "Orla", "case": case.pk, "reason": REASON})

    assert PATIENT not in page
    assert response.status_code == 404
    assert all_accesses() == []
    assert ("emergency.opened", "") in refusals()


def test_s13_access_of_another_person_opens_nothing(
    case: Case, staff: User, manager: User, client_for: Clients
) -> None:
    access = opened(case, staff)

    response = client_for(manager).get(address(access), follow=True)

    assert response.redirect_chain == [(FIND, 302)]
    page = response.content.decode()
    assert PATIENT not in page
    assert "Somebody else opened that case." in page
    assert ("emergency.read", "another person's") in refusals()


def test_s13_opened_case_can_be_read_and_not_changed(
    case: Case, staff: User, client_for: Clients
) -> None:
    access, client = opened(case, staff), client_for(staff)

    page = client.get(address(access)).content.decode()

    inside = page[page.index("<main") : page.index("</main>")]
    assert inside.count("<form") == 1
    assert address(access, "end") in inside
    assert f"/cases/{case.pk}/" not in inside
    for path in ("", "scope/", "check/", "safety/", "decision/", "history/", "team/", "plan/"):
        for ask in (client.get, client.post):
            assert ask(f"/cases/{case.pk}/{path}").status_code == 403


# The end of it


def test_s13_access_ends_by_itself(case: Case, staff: User, client_for: Clients) -> None:
    access, client = opened(case, staff), client_for(staff)
    before = access.ends_at - timedelta(seconds=2)

    with time_machine.travel(before, tick=False):
        client.force_login(staff)
        assert PATIENT in client.get(address(access)).content.decode()
        assert client.get(address(access, "over")).status_code == 204
    with time_machine.travel(access.ends_at, tick=False):
        response = client.get(address(access), follow=True)
        said = client.get(address(access, "over"))

    assert response.redirect_chain == [(FIND, 302)]
    assert PATIENT not in response.content.decode()
    assert f"Access to case {case.number:04d} is over since" in response.content.decode()
    assert said.status_code == 200
    assert "Access is over" in said.content.decode()
    assert PATIENT not in said.content.decode()
    assert ("emergency.read", "over") in refusals()


def test_s13_access_that_its_person_ended_opens_nothing(
    case: Case, staff: User, client_for: Clients
) -> None:
    access, client = opened(case, staff), client_for(staff)

    client.post(address(access, "end"))
    response = client.get(address(access), follow=True)
    again = client.post(OPEN, {"words": "1", "case": case.pk, "reason": REASON})

    assert PATIENT not in response.content.decode()
    assert again["Location"] != address(access)
    assert len(all_accesses()) == 2


def test_s13_role_that_changes_takes_the_access_along(
    case: Case, staff: User, client_for: Clients
) -> None:
    access, client = opened(case, staff), client_for(staff)
    Membership.objects.filter(user=staff).update(is_active=False)

    assert client.get(address(access)).status_code == 403


# Who is told


def test_s13_therapist_and_managers_are_told_by_mail(
    case: Case, therapist: User, staff: User, manager: User, clinic: Clinic, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://kapnet.test.example"
    make_member(clinic=clinic, role=Role.THERAPIST)
    make_member(clinic=make_clinic(name="Elsewhere"), role=Role.MANAGER)
    opened(case, staff)

    worked()

    assert sorted(one.to[0] for one in mail.outbox) == sorted([therapist.email, manager.email])
    for one in mail.outbox:
        assert len(one.recipients()) == 1
        whole = f"{one.subject} {one.body}"
        assert "https://kapnet.test.example/" in whole
        assert not [word for word in (*PATIENT.split(), REASON, staff.name) if word in whole]


def test_s13_manager_who_opens_a_case_is_not_who_is_told(
    case: Case, therapist: User, manager: User
) -> None:
    opened(case, manager)

    worked()

    assert [one.to for one in mail.outbox] == [[therapist.email]]


def test_s13_therapist_is_told_until_they_have_seen_it(
    case: Case, therapist: User, staff: User, client_for: Clients
) -> None:
    access, client = opened(case, staff), client_for(therapist)
    review = reverse("emergency:review", args=[case.pk])

    before = client.get("/cases/").content.decode()
    shown = client.get(review).content.decode()
    client.post(reverse("emergency:seen", args=[case.pk, access.pk]), {"note": "Asked S. Staff."})
    after = client.get("/cases/").content.decode()

    assert "A case was opened in an emergency" in before
    assert review in before
    assert REASON in shown
    assert staff.name in shown
    assert "A case was opened in an emergency" not in after
    assert "Asked S. Staff." in client.get(review).content.decode()
    assert review in client.get(f"/cases/{case.pk}/").content.decode()


def test_s13_colleague_of_a_therapist_who_left_is_told(
    case: Case, therapist: User, staff: User, clinic: Clinic, client_for: Clients
) -> None:
    colleague = client_for(make_member(clinic=clinic, role=Role.THERAPIST))
    opened(case, staff)

    before = colleague.get("/cases/").content.decode()
    Membership.objects.filter(user=therapist).update(is_active=False)
    after = colleague.get("/cases/").content.decode()

    assert "A case was opened in an emergency" not in before
    assert "A case was opened in an emergency" in after


def test_second_to_look_keeps_their_note_to_copy(
    case: Case, therapist: User, staff: User, client_for: Clients
) -> None:
    access, client = opened(case, staff), client_for(therapist)
    seen = reverse("emergency:seen", args=[case.pk, access.pk])

    client.post(seen, {"note": "First."})
    response = client.post(seen, {"note": "Second."})

    page = response.content.decode()
    assert response.status_code == 409
    assert "First." in page
    assert "Second." in page
    with scopes_disabled():
        assert EmergencyStep.objects.get().note == "First."


def test_note_that_is_too_long_is_kept_on_the_page(
    case: Case, therapist: User, staff: User, client_for: Clients
) -> None:
    access, note = opened(case, staff), "word " * 101

    seen = reverse("emergency:seen", args=[case.pk, access.pk])
    response = client_for(therapist).post(seen, {"note": note})

    assert response.status_code == 422
    assert note.strip() in response.content.decode()
    with scopes_disabled():
        assert not EmergencyStep.objects.exists()


def test_manager_sees_all_and_staff_their_own(
    case: Case, staff: User, manager: User, clinic: Clinic, client_for: Clients
) -> None:
    opened(case, staff)
    other = make_member(clinic=clinic, role=Role.STAFF)

    pages = {one: client_for(one).get(FIND).content.decode() for one in (staff, manager, other)}

    assert [REASON in pages[one] for one in (staff, manager, other)] == [True, True, False]
    assert PATIENT not in "".join(pages.values())


# What stays


@pytest.mark.both_databases
def test_s13_trail_lists_who_opened_read_ended_and_looked(
    case: Case, therapist: User, staff: User, manager: User, client_for: Clients
) -> None:
    client = client_for(staff)
    client.post(OPEN, {"words": "1", "case": case.pk, "reason": REASON})
    (access,) = all_accesses()
    client.get(address(access))
    client.post(address(access, "end"))
    client_for(therapist).post(reverse("emergency:seen", args=[case.pk, access.pk]), {"note": ""})

    events = Event.objects.filter(case_id=case.pk, action__startswith="emergency").order_by("id")
    page = client_for(manager).get("/clinic/audit/", {"action": "emergency.opened"})

    assert [(one.action, one.actor) for one in events] == [
        ("emergency.opened", staff),
        ("emergency.read", staff),
        ("emergency.ended", staff),
        ("emergency.seen", therapist),
    ]
    assert f"Opened case {case.number:04d} in an emergency" in page.content.decode()
    assert REASON not in page.content.decode()


@pytest.mark.both_databases
def test_s13_accesses_and_their_steps_cannot_be_changed_or_removed(case: Case, staff: User) -> None:
    access = opened(case, staff)
    with clinic_of(staff):
        end_access(access=access, actor=staff)

    for statement in CHANGES:
        refused = pytest.raises(DatabaseError, match="append-only")
        with scopes_disabled(), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.both_databases
def test_reason_is_encrypted(case: Case, therapist: User, staff: User) -> None:
    access = opened(case, staff)

    with scopes_disabled(), connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM emergency_emergencyaccess")
        (stored,) = cursor.fetchone()

    assert "rang" not in stored
    assert access.reason == REASON


# What the page shows


def test_page_shows_danger_answers_and_whom_to_reach(
    therapist: User, staff: User, client_for: Clients
) -> None:
    therapist.phone = "555 0147"
    therapist.save()
    case = make_case(therapist, name=PATIENT, phq9=POSITIVE_FORM, age_years=44)

    page = client_for(staff).get(address(opened(case, staff))).content.decode()

    assert "A safety task is open" in page
    assert "555 0147" in page
    assert "44" in page
    assert "assessed" in page
    assert "988" in page


def test_time_is_that_of_the_setting(case: Case, staff: User, settings: Any) -> None:
    settings.EMERGENCY_MINUTES = 5

    access = opened(case, staff)

    assert access.ends_at - access.opened_at == timedelta(minutes=5)
    assert access.opened_at <= timezone.now()
