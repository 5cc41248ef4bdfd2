"""What changed since a recorded decision, in one list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.actions import record_decision
from decisions.cases.decision.changed_since import Kind, changed_since, changes_since
from decisions.cases.models import Case, Decision
from decisions.documents.letter.treatment_history import Medicine
from decisions.treatment_history.actions import add_row, remove_row, save_row
from decisions.treatment_history.models import HistoryRow
from kapnet.core.people.models import Role, User
from kapnet.core.web.days import say_day
from tests.decisions.case_factories import answer, clinic_of, file_for
from tests.decisions.letters.stored_letters import make_decision
from tests.factories import make_member

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


def test_rows_rules_and_who_changed_them_are_in_the_same_list(
    therapist: User, client_for: Callable[[User], Client]
) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST, name="Dr. C")
    decision = make_decision(therapist)
    case = decision.case
    earlier = make_row(case, therapist, "sertraline")
    gone = make_row(case, therapist, "zolpidem")
    with clinic_of(therapist):
        decision = record_again(case, therapist)
        assert changes_since(file_for(case, therapist), decision)["changed_rows"] == ()
        seen = earlier.saved_at
        values = Medicine(name="sertraline", dose="50 mg")
        save_row(row=earlier, actor=colleague, values=values, saved_at=seen)
        remove_row(row=gone, actor=therapist)
        make_row(case, colleague, "lithium")
        remove_row(row=make_row(case, therapist, "typed by mistake"), actor=therapist)
    answer(case, colleague, "bp_systolic", 151)

    html = client_for(therapist).get(reverse("cases:case", args=[case.pk])).content.decode()

    assert "Changed since decision 2: 1 answer, 3 rows of the treatment history" in html
    listed = html.split("k-changed")[1].split("</details>")[0]
    for said in ("151 mmHg", "50 mg", "changed, by Dr. C", "added since, by Dr. C", "zolpidem"):
        assert said in listed
    assert f"taken off, by {therapist}" in listed
    assert "typed by mistake" not in listed


def make_row(case: Case, actor: User, name: str) -> HistoryRow:
    with clinic_of(actor):
        return add_row(case=case, actor=actor, kind="medicines", values=Medicine(name=name))


def record_again(case: Case, actor: User) -> Decision:
    file = file_for(case, actor)
    return record_decision(
        case=case, actor=actor, chosen="none_now", reasoning="Wait.", fingerprint=file.fingerprint
    )
