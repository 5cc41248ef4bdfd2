"""Writes to a case: versions, days of assessment, safety tasks, recorded decisions, audit."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from decisions.cases.actions import AnswerConflictError
from decisions.cases.models import Answer, Case
from decisions.rules.questionnaire.answer_values import AnswerProblem
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import (
    answer,
    clinic_of,
    file_for,
    make_case,
)
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stored(case: Case, user: User, question_id: str) -> Answer:
    return file_for(case, user).rows[question_id]


def actions_of(case: Case) -> list[str]:
    return list(
        Event.objects.filter(case_id=case.pk).order_by("pk").values_list("action", flat=True)
    )


def test_cases_of_a_clinic_count_from_one(therapist: User, other_therapist: User) -> None:
    numbers = [make_case(who).number for who in (therapist, therapist, other_therapist)]

    assert numbers == [1, 2, 1]


def test_date_of_birth_answers_the_age_of_today(therapist: User) -> None:
    born = timezone.localdate().replace(year=timezone.localdate().year - 42, day=1)

    case = make_case(therapist, born=born)

    row = stored(case, therapist, "age_years")
    assert (row.value, row.assessed_on) == (42, timezone.localdate())


def test_an_answer_is_saved_with_its_day_and_audited_once(therapist: User) -> None:
    case = make_case(therapist)

    saved = answer(case, therapist, "bp_systolic", 124)

    row = stored(case, therapist, "bp_systolic")
    assert saved.changed
    assert (row.value, row.version, row.assessed_on) == (124, 1, timezone.localdate())
    assert actions_of(case) == ["case.opened", "answer.saved"]


def test_the_audit_trail_holds_no_answer(therapist: User) -> None:
    case = make_case(therapist, bp_systolic=124)

    event = Event.objects.filter(case_id=case.pk).latest("pk")

    assert (event.object_type, event.object_id) == ("answer", "bp_systolic")
    assert "124" not in event.reason


def test_a_wrong_value_is_refused_and_nothing_written(therapist: User) -> None:
    case = make_case(therapist)

    with pytest.raises(AnswerProblem):
        answer(case, therapist, "bp_systolic", 1240)

    assert "bp_systolic" not in file_for(case, therapist).rows


def test_a_stale_version_with_another_value_is_a_conflict(therapist: User) -> None:
    case = make_case(therapist, bp_systolic=142)

    with pytest.raises(AnswerConflictError) as conflict:
        answer(case, therapist, "bp_systolic", 124, version=0)

    assert conflict.value.theirs.value == 142
    assert stored(case, therapist, "bp_systolic").value == 142


def test_a_stale_version_with_the_same_value_is_none(therapist: User) -> None:
    case = make_case(therapist, bp_systolic=142)

    saved = answer(case, therapist, "bp_systolic", 142, version=0)

    assert not saved.changed
    assert stored(case, therapist, "bp_systolic").version == 1


def test_a_cleared_answer_keeps_counting_its_versions(therapist: User) -> None:
    case = make_case(therapist, bp_systolic=142)
    answer(case, therapist, "bp_systolic", None)
    answer(case, therapist, "bp_systolic", 130)

    with pytest.raises(AnswerConflictError):
        answer(case, therapist, "bp_systolic", 150, version=1)

    assert stored(case, therapist, "bp_systolic").version == 3


def test_a_cleared_answer_is_no_answer(therapist: User) -> None:
    case = make_case(therapist, bp_systolic=142)

    answer(case, therapist, "bp_systolic", None)

    file = file_for(case, therapist)
    assert not file.answers.is_answered("bp_systolic")
    assert file.answers_with_dates == {}


def test_a_day_named_today_stays_while_items_are_filled_in(therapist: User) -> None:
    case, day = make_case(therapist), timezone.localdate() - timedelta(days=3)
    answer(case, therapist, "phq9", {"items": [1, *[None] * 8]}, assessed_on=day)

    answer(case, therapist, "phq9", {"items": [1, 1, *[None] * 7]})

    assert stored(case, therapist, "phq9").assessed_on == day


def test_a_new_value_on_a_later_day_is_assessed_then(therapist: User) -> None:
    with time_machine.travel("2026-11-20T15:00Z"):
        case = make_case(therapist, bp_systolic=142)

    with time_machine.travel("2026-11-23T15:00Z"):
        answer(case, therapist, "bp_systolic", 142)
        same = stored(case, therapist, "bp_systolic").assessed_on
        answer(case, therapist, "bp_systolic", 128)

    assert (same, stored(case, therapist, "bp_systolic").assessed_on) == (
        date(2026, 11, 20),
        date(2026, 11, 23),
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_first_answers_one_wins_and_one_hears_of_it(therapist: User) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    case = make_case(therapist)
    files = {who: file_for(case, who) for who in (therapist, colleague)}
    barrier, heard = Barrier(2), []

    def save(who: User, raw: int) -> None:
        from decisions.cases.actions import save_answer

        barrier.wait()
        try:
            with clinic_of(who):
                save_answer(
                    file=files[who], question_id="bp_systolic", raw=raw, version=0, actor=who
                )
        except AnswerConflictError as conflict:
            heard.append(conflict.theirs.value)
        finally:
            connection.close()

    threads = [Thread(target=save, args=one) for one in ((therapist, 120), (colleague, 140))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert heard == [stored(case, therapist, "bp_systolic").value]
