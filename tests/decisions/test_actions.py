"""Writes to a case: versions, days of assessment, safety tasks, recorded decisions, audit."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from decisions.actions import (
    AnswerConflictError,
    SafetyTaskClosedError,
    close_safety_task,
)
from decisions.domain.answer_values import AnswerProblem
from decisions.models import Answer, Case, SafetyTask
from kapnet.audit.models import Event
from kapnet.clinics.models import Role, User
from tests.decisions.case_factories import (
    FORM_OF_TWOS,
    POSITIVE_FORM,
    answer,
    clinic_of,
    file_for,
    make_case,
)
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stored(case: Case, user: User, question_id: str) -> Answer:
    return file_for(case, user).rows[question_id]


def open_tasks(case: Case, user: User) -> list[int]:
    with clinic_of(user):
        tasks = SafetyTask.objects.filter(case=case, closed_at=None)
        return list(tasks.values_list("item9", flat=True))


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


@pytest.mark.parametrize(
    "raw",
    [POSITIVE_FORM, {"items": [None] * 8 + [3]}, {"total": 15, "item9": 2}],
)
def test_a_positive_item9_opens_a_safety_task_by_every_path(therapist: User, raw: Any) -> None:
    case = make_case(therapist)

    answer(case, therapist, "phq9", raw)

    assert len(open_tasks(case, therapist)) == 1


@pytest.mark.parametrize("raw", [FORM_OF_TWOS, {"total": 15}, {"total": 15, "item9": 0}, "unknown"])
def test_no_positive_item9_opens_none(therapist: User, raw: Any) -> None:
    case = make_case(therapist, phq9=raw)

    assert open_tasks(case, therapist) == []


@pytest.mark.parametrize("later", [FORM_OF_TWOS, "unknown", None, {"total": 3, "item9": 0}])
def test_a_safety_task_stays_whatever_is_answered_later(therapist: User, later: Any) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    answer(case, therapist, "phq9", later)

    assert open_tasks(case, therapist) == [1]


def test_a_second_positive_form_does_not_open_a_second_task(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    answer(case, therapist, "phq9", {"total": 20, "item9": 3})

    assert open_tasks(case, therapist) == [1]


def close(case: Case, user: User) -> None:
    with clinic_of(user):
        close_safety_task(case=case, actor=user, assessment="Interview", agreed="Safety plan")


def test_a_closed_task_opens_again_only_for_another_form(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close(case, therapist)

    answer(case, therapist, "phq9", {"items": [3, *POSITIVE_FORM["items"][1:]]})
    same_item9 = open_tasks(case, therapist)
    answer(case, therapist, "phq9", {"items": [*POSITIVE_FORM["items"][:8], 2]})

    assert (same_item9, open_tasks(case, therapist)) == ([], [2])


def test_closing_says_who_when_and_what(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    close(case, therapist)

    with clinic_of(therapist):
        task = SafetyTask.objects.get(case=case)
    assert (task.closed_by, task.assessment, task.agreed) == (therapist, "Interview", "Safety plan")
    assert actions_of(case)[-1] == "safety_task.closed"


def test_a_task_closes_once(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close(case, therapist)

    with pytest.raises(SafetyTaskClosedError):
        close(case, therapist)


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_first_answers_one_wins_and_one_hears_of_it(therapist: User) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    case = make_case(therapist)
    files = {who: file_for(case, who) for who in (therapist, colleague)}
    barrier, heard = Barrier(2), []

    def save(who: User, raw: int) -> None:
        from decisions.actions import save_answer

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
