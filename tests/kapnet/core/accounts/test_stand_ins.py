"""A colleague stands in for a therapist who is away, and is told what the therapist is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from kapnet.core.people.models import Clinic, Membership, Role, User
from kapnet.core.people.queries import looked_after_by, with_stand_ins
from tests.collecting import for_each
from tests.decisions.case_factories import POSITIVE_FORM, answer, make_case
from tests.factories import make_clinic, make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def colleague(clinic: Clinic, name: str) -> User:
    return make_member(clinic=clinic, role=Role.THERAPIST, name=name)


def leave(client: Client, to: User, first: int = 0, last: int = 7) -> int:
    sent = {"stand_in": str(to.pk), "away_from": day(first), "away_until": day(last)}
    return client.post("/profile/away/", sent).status_code


@pytest.mark.django_db(transaction=True)
def test_stand_in_is_told_what_the_therapist_would_be_told(
    clinic: Clinic, therapist: User, client_for: ClientFor
) -> None:
    stand_in, third = colleague(clinic, "Dr. S. Standin"), colleague(clinic, "Dr. T. Third")
    case = make_case(therapist)

    assert leave(client_for(therapist), stand_in) == 302
    worked()
    assert [one.to for one in mail.outbox] == [[stand_in.email]]
    assert "You stand in for a colleague" in mail.outbox[0].body
    mail.outbox.clear()
    answer(case, third, "phq9", POSITIVE_FORM)
    worked()

    told = [tuple(one.to) for one in mail.outbox if "safety task" in one.subject]
    assert sorted(told) == sorted([(therapist.email,), (stand_in.email,)])
    page = client_for(stand_in).get("/cases/").content.decode()
    assert f"For {therapist.name}, until" in page
    assert "Act first: a positive item 9 that you did not enter" in page
    assert "Act first: a colleague" not in client_for(third).get("/cases/").content.decode()
    client_for(therapist).post("/profile/away/", {"back": "1"})
    assert "Act first: a colleague" not in client_for(stand_in).get("/cases/").content.decode()


@for_each(
    ("first", "last", "stands_in"),
    [(0, 0, True), (0, 7, True), (1, 7, False)],
)
def test_stand_in_counts_from_the_first_day_to_the_last(
    clinic: Clinic, therapist: User, client_for: ClientFor, first: int, last: int, stands_in: bool
) -> None:
    other = colleague(clinic, "Dr. O. Other")
    leave(client_for(therapist), other, first, last)

    assert (therapist.pk in looked_after_by(other)) is stands_in
    assert (other in with_stand_ins([therapist])) is stands_in


@pytest.mark.django_db(transaction=True)
def test_worker_tells_by_the_day_of_the_clinic(
    clinic: Clinic, therapist: User, client_for: ClientFor, manager: User
) -> None:
    here = timezone.localdate()
    zones = [ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")]
    zone = next(one for one in zones if timezone.localdate(timezone=one) != here)
    there = timezone.localdate(timezone=zone)
    Clinic.objects.filter(pk=clinic.pk).update(time_zone=zone.key)
    other, staff = colleague(clinic, "Dr. O. Other"), make_member(clinic=clinic, role=Role.STAFF)
    case = make_case(therapist)
    Membership.objects.filter(user=therapist).update(
        stand_in=other, away_from=there, away_until=there
    )

    page = {"case": str(case.pk), "reason": "Nobody reaches the therapist.", "words": "Maren"}
    assert client_for(staff).post("/emergency/open/", page).status_code == 302
    worked()

    assert [other.email] in [one.to for one in mail.outbox]


def test_stand_in_of_a_stand_in_is_told_too(
    clinic: Clinic, therapist: User, client_for: ClientFor
) -> None:
    second, third = colleague(clinic, "Dr. B."), colleague(clinic, "Dr. C.")
    leave(client_for(therapist), second)
    leave(client_for(second), third)
    leave(client_for(third), therapist)

    assert looked_after_by(third) == {therapist.pk, second.pk, third.pk}
    assert set(with_stand_ins([therapist])) == {therapist, second, third}


def test_stand_in_who_went_to_another_clinic_is_told_nothing(
    clinic: Clinic, therapist: User, client_for: ClientFor
) -> None:
    other = colleague(clinic, "Dr. O. Other")
    leave(client_for(therapist), other)

    Membership.objects.filter(user=other).update(clinic=make_clinic(name="Other clinic"))

    assert with_stand_ins([therapist]) == [therapist]
    assert looked_after_by(other) == {other.pk}


@for_each(
    ("first", "last", "said"),
    [(0, -1, "The last day is before the first"), (-3, -1, "This day is over")],
)
def test_days_that_cannot_be_are_refused(
    clinic: Clinic, therapist: User, client_for: ClientFor, first: int, last: int, said: str
) -> None:
    other = colleague(clinic, "Dr. O. Other")
    sent = {"stand_in": str(other.pk), "away_from": day(first), "away_until": day(last)}

    response = client_for(therapist).post("/profile/away/", sent)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_manager_says_it_for_whoever_is_ill_and_nobody_stands_in_for_themselves(
    clinic: Clinic, therapist: User, manager: User, client_for: ClientFor
) -> None:
    other, client = colleague(clinic, "Dr. O. Other"), client_for(manager)
    address = f"/clinic/people/{therapist.pk}/away/"
    days = {"away_from": day(0), "away_until": day(3)}

    assert client.post(address, {**days, "stand_in": str(therapist.pk)}).status_code == 422
    assert client.post(address, {**days, "stand_in": str(manager.pk)}).status_code == 422
    assert client.post(address, {**days, "stand_in": str(other.pk)}).status_code == 302
    assert "Dr. O. Other stands in" in client.get("/clinic/").content.decode()
    assert client.get(f"/clinic/people/{manager.pk}/away/").status_code == 302
