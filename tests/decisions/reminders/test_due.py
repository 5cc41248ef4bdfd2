"""What is due, who is shown it, and who is reminded of it: never twice on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django_scopes import scopes_disabled

from decisions.cases.due.things import DueThing
from decisions.cases.models import Case
from decisions.follow_up.courses.actions import add_course, end_follow_up
from decisions.follow_up.models import DueForm
from decisions.form_links.actions import revoke_link, save_contact
from decisions.form_links.models import FormLink
from decisions.life.actions import close_case
from decisions.reminders.models import Done, Reminder
from decisions.reminders.queries import cases_of, still_due
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.secret_pages import sha256_of
from tests.collecting import for_each
from tests.decisions.case_factories import POSITIVE_FORM, answer, clinic_of, make_case
from tests.decisions.desk.desk_factories import step
from tests.decisions.form_links.form_link_factories import make, patients_case
from tests.decisions.letters.stored_letters import make_signed
from tests.factories import make_clinic, make_member
from tests.worker import worked

Clients = Callable[[User], Client]
DAY = timedelta(days=1)
DUE = date(2026, 3, 10)


@for_each(
    ("window", "today", "owed"),
    [
        ((None, None), DUE - DAY, 0),
        ((None, None), DUE, 1),
        ((None, None), DUE + 6 * DAY, 1),
        ((None, None), DUE + 7 * DAY, 2),
        ((None, None), DUE + 400 * DAY, 2),
        ((DUE - 7 * DAY, DUE + 7 * DAY), DUE - 8 * DAY, 0),
        ((DUE - 7 * DAY, DUE + 7 * DAY), DUE - 7 * DAY, 1),
        ((DUE - 7 * DAY, DUE + 7 * DAY), DUE - DAY, 1),
        ((DUE - 7 * DAY, DUE + 7 * DAY), DUE, 2),
        ((DUE - 7 * DAY, DUE + 7 * DAY), DUE + 7 * DAY, 2),
        ((DUE - 7 * DAY, DUE + 7 * DAY), DUE + 8 * DAY, 0),
        ((DUE, DUE + DAY), DUE + DAY, 1),
    ],
)
def test_two_reminders_at_most_and_none_too_late(
    window: tuple[date | None, date | None], today: date, owed: int
) -> None:
    thing = DueThing("k", Case(), "A form", DUE, "/", from_on=window[0], to_on=window[1])

    assert thing.reminders_owed(today) == owed


EDGES = (0, 7, 21, 28, 35, 70, 84, 98, 154, 182, 210, 336, 364)
NIGHTS = sorted({day + beside for day in EDGES for beside in (-1, 0, 1)} - {-1})
"""First, middle and last days of the windows, with the nights beside them."""


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def run() -> str:
    out = StringIO()
    call_command("remind_due", stdout=out)
    return out.getvalue()


def begin(case: Case, therapist: User, first: date) -> None:
    with clinic_of(therapist):
        values = {"option": "ketamine", "state": "running", "first_session_on": first}
        add_course(case=case, actor=therapist, values=values)


def due_words(user: User, *, until: date | None = None) -> list[str]:
    with clinic_of(user):
        found = still_due(cases_of(None), until=until or timezone.localdate() + 14 * DAY)
    return [one.what for one in found]


def see(client: Client, query: str = "") -> str:
    return client.get(reverse("reminders:due") + query).content.decode()


@pytest.mark.django_db
def test_a_whole_year_of_one_patient(therapist: User, staff: User, client_for: Clients) -> None:
    """Every night that could differ from the one before, twice; nobody fills a form in."""
    first = date(2026, 1, 5)
    reminded: list[int] = []
    with time_machine.travel(noon(first - DAY)) as clock:
        case = make_case(therapist, name="Sentinel Yearpatient")
        clock.move_to(noon(first))
        begin(case, therapist, first)
        for after in NIGHTS:
            clock.move_to(noon(first + after * DAY))
            before = rows()
            run()
            once = rows()
            run()
            assert rows() == once, "a second run of the same day"
            if once != before:
                reminded.append(after)
    worked()

    assert reminded == [0, 21, 28, 70, 84, 154, 182, 336, 364]
    with scopes_disabled():
        sent = Counter(Reminder.objects.values_list("key", flat=True))
        assert max(sent.values()) == 2
        states = set(DueForm.objects.values_list("state", flat=True))
    assert states == {"missed", "open"}
    assert len(mail.outbox) == len(reminded)
    for one in mail.outbox:
        assert one.to == [therapist.email]
        for word in ("Sentinel", "PHQ", "ketamine", "course"):
            assert word not in f"{one.subject} {one.body}"


def rows() -> int:
    with scopes_disabled():
        return int(Reminder.objects.count())


@pytest.mark.django_db
def test_end_of_follow_up_and_closing_stop_reminders_at_once(therapist: User) -> None:
    """But an open safety task ends with an assessment alone."""
    first = timezone.localdate() - 27 * DAY
    ends = {}
    for kind in ("died", "moved", "withdrew", "discharged"):
        case = make_case(therapist, name=kind)
        begin(case, therapist, first)
        ends[kind] = case
    closed, unsafe = make_case(therapist), make_case(therapist)
    begin(closed, therapist, first)
    begin(unsafe, therapist, first)
    answer(unsafe, therapist, "phq9", POSITIVE_FORM)
    assert len(due_words(therapist)) > 5

    with clinic_of(therapist):
        for kind, case in (*ends.items(), ("moved", unsafe)):
            values = {"kind": kind, "ended_on": timezone.localdate()}
            end_follow_up(case=case, actor=therapist, values=values)
        close_case(case=closed, actor=therapist, reason="finished", note="")

    assert due_words(therapist) == ["Act first: a safety task is open"]
    assert "1 due" in run()


@pytest.mark.django_db
def test_days_that_letters_ask_for_are_due_and_end_by_themselves(
    therapist: User, staff: User, client_for: Clients
) -> None:
    soon = timezone.localdate() + 3 * DAY
    letter = make_signed(therapist, next_look_on=soon, next_look_by="Dr. A. Sample", reply_by=soon)
    number = letter.number
    look = f"Next look, as letter {number} says"
    assert due_words(staff) == [f"Send letter {number}", look]

    step(letter, staff, "sent", how="fax")
    assert sorted(due_words(staff)) == sorted([look, f"Reply to letter {number}"])
    page = see(client_for(staff))
    assert reverse("desk:letter", args=[letter.pk]) in page
    assert reverse("letters:letter", args=[letter.case_id, letter.pk]) not in page
    own = client_for(therapist)
    assert reverse("letters:letter", args=[letter.case_id, letter.pk]) in see(own)

    key = f"next_look:{letter.pk}"
    stranger = client_for(make_member(clinic=make_clinic(name="Other"), role=Role.THERAPIST))
    assert stranger.post(reverse("reminders:done"), {"key": key}).status_code == 404
    assert own.post(reverse("reminders:done"), {"key": "letter:x"}).status_code == 404
    for _ in range(2):
        own.post(reverse("reminders:done"), {"key": key})
    assert due_words(staff) == [f"Reply to letter {number}"]
    assert Event.objects.filter(action="follow_up.done", outcome="done").count() == 1

    for status in ("accepted", "done"):
        step(letter, staff, status)
    assert due_words(staff) == []


@pytest.mark.django_db
def test_list_shows_name_day_and_state_and_stays_within_the_clinic(
    therapist: User, staff: User, manager: User, client_for: Clients
) -> None:
    today = timezone.localdate()
    for number in range(30):
        case = make_case(therapist, name=f"Sentinel{number:02d}")
        begin(case, therapist, today - 28 * DAY)
        with clinic_of(therapist):
            DueForm.objects.filter(course__case=case, from_on__lt=today - 10 * DAY).update(
                state="cancelled"
            )
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    stranger = make_member(clinic=make_clinic(name="Other"), role=Role.STAFF)

    page = see(client_for(staff))
    assert page.count("Sentinel") == 25
    assert "PHQ-9, day 28 of the course" in page
    assert "Due today" in page
    assert see(client_for(staff), "?page=2").count("Sentinel") == 5
    assert see(client_for(staff), "?page=zzz").count("Sentinel") == 25
    assert "Nothing is due" in see(client_for(stranger))
    assert "Nothing is due" in see(client_for(colleague))
    assert see(client_for(colleague), "?whose=clinic").count("Sentinel") == 25
    assert client_for(manager).get(reverse("reminders:due")).status_code == 403
    assert Event.objects.filter(action="follow_up.listed").exists()


@pytest.mark.django_db
def test_what_fails_in_one_clinic_keeps_no_other_from_its_reminders(therapist: User) -> None:
    broken = make_clinic(name="Broken")
    Clinic.objects.filter(pk=broken.pk).update(
        time_zone="Nowhere/Gone", created_at=timezone.now() - 9000 * DAY
    )
    begin(make_case(therapist), therapist, timezone.localdate())

    with pytest.raises(CommandError, match="Nobody was reminded at Broken"):
        run()

    assert rows() == 1


@pytest.mark.django_db
def test_without_mail_nobody_is_reminded(therapist: User, settings: Any) -> None:
    begin(make_case(therapist), therapist, timezone.localdate())
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert "0 due, 0 mails" in run()
    assert rows() == 0


@pytest.mark.django_db
@pytest.mark.both_databases
def test_database_keeps_what_was_sent_and_said(therapist: User) -> None:
    case = make_case(therapist)
    begin(case, therapist, timezone.localdate())
    run()
    with clinic_of(therapist):
        Done.objects.create(clinic=case.clinic, case=case, key="k", done_by=therapist)

    for model in (Reminder, Done):
        for change in (lambda one: one.update(key="x"), lambda one: one.delete()):
            with scopes_disabled(), pytest.raises(DatabaseError), transaction.atomic():
                change(model.objects.all())


@pytest.mark.django_db
def test_patient_is_mailed_once_more_and_only_where_they_agreed(
    therapist: User, settings: Any
) -> None:
    settings.FORM_MAILS, settings.SITE_ADDRESS = True, "https://kapnet.example"
    case = patients_case(therapist)
    with clinic_of(therapist):
        save_contact(case=case, actor=therapist, email="p@mail.example", may_mail="yes")
    make(case, therapist, how="mail")
    worked()
    secrets = []

    for days in (1, 3, 3, 4, 5):
        with time_machine.travel(timezone.now() + days * DAY):
            assert "The patient’s own form, not opened" in due_words(therapist)
            run()
            worked()
            secrets.append(sum(one.to == ["p@mail.example"] for one in mail.outbox))

    assert secrets == [1, 2, 2, 2, 2]
    bodies = [str(one.body) for one in mail.outbox if one.to == ["p@mail.example"]]
    first, second = (body.partition("/f/")[2][:43] for body in bodies)
    assert first != second
    with scopes_disabled():
        link = FormLink.objects.get()
    assert link.token_sha256 == sha256_of(second)
    until = date_format(timezone.localdate(link.expires_at))
    assert all(f"works until {until}." in body for body in bodies), bodies

    with clinic_of(therapist):
        revoke_link(link=link, actor=therapist, because="by_hand")
        save_contact(case=case, actor=therapist, email="p@mail.example", may_mail="yes")
    make(case, therapist, how="mail")
    worked()
    before = len(mail.outbox)
    with clinic_of(therapist):
        save_contact(case=case, actor=therapist, email="p@mail.example", may_mail="no")
    with time_machine.travel(timezone.now() + 4 * DAY):
        run()
        worked()
    assert [one.to for one in mail.outbox[before:]] in ([], [[therapist.email]])
