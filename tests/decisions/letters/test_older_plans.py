"""A signed letter that prints an older plan of days says so wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.plans.actions import withdraw_plan
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign
from tests.decisions.plans.plan_factories import store

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

SAID = {
    "letter": "This letter prints an older plan",
    "list": "Prints an older plan",
    "plan": "A signed letter prints an older plan",
    "case": "A signed letter prints an older plan",
    "detail": "This letter prints an older plan",
    "queue": "Prints an older plan",
}


def test_letter_with_an_older_plan_says_so_everywhere(
    client_for: ClientFor, therapist: User
) -> None:
    decision = make_decision(therapist, chosen="both")
    case = decision.case
    store(case, therapist)
    lead = {"coordinator_name": "Dr. L. Lead", "coordinator_phone": "555-0109"}
    signed = sign(make_draft(therapist, decision, request_option="both", **lead), therapist)
    without = sign(make_draft(therapist, decision, request_option="repeat_tms"), therapist)
    client = client_for(therapist)

    def pages() -> dict[str, str]:
        of_case, of_letter = [case.pk], [case.pk, signed.pk]
        addresses = {
            "letter": reverse("letters:letter", args=of_letter),
            "list": reverse("letters:compose_list", args=of_case),
            "plan": reverse("plan:plan", args=of_case),
            "case": reverse("cases:case", args=of_case),
            "detail": reverse("letters:detail", args=[signed.pk]),
            "queue": reverse("desk:queue"),
        }
        return {name: client.get(address).content.decode() for name, address in addresses.items()}

    def told() -> dict[str, int]:
        return {name: page.count(SAID[name]) for name, page in pages().items()}

    assert told() == dict.fromkeys(SAID, 0)

    store(case, therapist, version=1, tms_sessions=19)

    assert told() == dict.fromkeys(SAID, 1)
    other = client.get(reverse("letters:letter", args=[case.pk, without.pk])).content.decode()
    assert SAID["letter"] not in other

    with clinic_of(therapist):
        withdraw_plan(case=case, actor=therapist, version=2)

    assert told() == dict.fromkeys(SAID, 1)
    assert "The plan was withdrawn on" in pages()["letter"]
