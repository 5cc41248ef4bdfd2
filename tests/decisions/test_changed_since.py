"""What changed since a recorded decision, in one list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.decision.changed_since import Kind, changed_since
from kapnet.core.people.models import User
from kapnet.core.web.days import say_day
from tests.decisions.case_factories import answer, file_for
from tests.letters.stored_letters import make_decision

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_each_change_is_listed_once_with_both_answers_and_their_days(
    therapist: User, client_for: Callable[[User], Client]
) -> None:
    decision = make_decision(therapist)
    case, today = decision.case, timezone.localdate()
    long_ago = today - timedelta(days=30)
    assert changed_since(file_for(case, therapist), decision) == ()

    answer(case, therapist, "bp_systolic", 151)
    answer(case, therapist, "heart", None)
    answer(case, therapist, "liver", "none", assessed_on=long_ago)
    answer(case, therapist, "tms_courses", 2)
    answer(case, therapist, "tms_last_response", "partial")

    changed = {one.name: one for one in changed_since(file_for(case, therapist), decision)}
    pressure, heart = changed["Systolic blood pressure"], changed["Heart disease"]
    assert pressure.kind is Kind.CHANGED
    assert pressure.before == f"124 mmHg, {say_day(today)}"
    assert pressure.after == f"151 mmHg, {say_day(today)}"
    assert (heart.kind, heart.after) == (Kind.GONE, "")
    assert changed["Liver disease"].kind is Kind.CONFIRMED
    assert changed["Liver disease"].after.endswith(say_day(long_ago))
    assert changed["Response to the most recent course"].kind is Kind.ANSWERED
    assert len(changed) == 5
    client = client_for(therapist)
    for name, args in (
        ("case", [case.pk]),
        ("decision", [case.pk]),
        ("decision_record", [case.pk, 1]),
    ):
        html = client.get(reverse(f"cases:{name}", args=args)).content.decode()
        assert "Changed since decision 1: 5 answers" in html
        assert "124 mmHg" in html
        assert "151 mmHg" in html
