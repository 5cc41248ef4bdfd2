"""The server's clock steps by a day, or is set back in autumn: order is by number, not by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from time_machine import travel

from decisions.cases.queries import decisions_of
from decisions.letters.material import say_moment_with_zone
from decisions.letters.queries import letters_of
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import decide_case, make_draft

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ClientFor = Callable[[User], Client]


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_f13_sign_in_from_a_clock_that_was_ahead_has_ended(
    client_for: ClientFor, therapist: User
) -> None:
    with travel(timezone.now() + DAY):
        client = client_for(therapist)
        assert is_in(client)

    assert not is_in(client)


def test_f13_small_correction_of_the_clock_signs_nobody_out(
    client_for: ClientFor, therapist: User
) -> None:
    with travel(timezone.now() + timedelta(seconds=30)):
        client = client_for(therapist)
        assert is_in(client)

    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_f13_order_and_chain_do_not_follow_the_clock(therapist: User) -> None:
    case = make_case(therapist)
    with travel(timezone.now() + DAY):
        first = decide_case(case, therapist)
        ahead = make_draft(therapist, first)
    second = decide_case(case, therapist)
    back = make_draft(therapist, second)

    with clinic_of(therapist):
        assert [one.pk for one in decisions_of(case)] == [second.pk, first.pk]
        assert [one.pk for one in letters_of(case)] == [back.pk, ahead.pk]
    numbers = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert numbers != sorted(numbers)  # the clock did step
    call_command("audit", "verify")


def test_f13_hour_that_comes_twice_is_told_apart_by_its_zone() -> None:
    summer = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    assert say_moment_with_zone(summer).endswith("01:30 (UTC-4)")
    assert say_moment_with_zone(summer + timedelta(hours=1)).endswith("01:30 (UTC-5)")
