"""Safety tasks: opened and raised by every path to item 9, told, shown, and closed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.actions import AnswerConflictError, save_answer
from decisions.cases.models import Case, SafetyTask
from decisions.cases.safety.tasks import (
    SafetyTaskClosedError,
    SafetyTaskRaisedError,
    close_safety_task,
)
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.days import say_day
from tests.decisions.case_factories import (
    FORM_OF_TWOS,
    POSITIVE_FORM,
    answer,
    clinic_of,
    close_task,
    file_for,
    make_case,
    page_of,
    post_section,
    save_by_htmx,
    section_url,
    token_in,
)
from tests.factories import make_clinic, make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

HIGHEST_FORM = {"items": [2, 2, 2, 2, 2, 2, 2, 2, 3]}
RAISED = "safety.raised"


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


@pytest.fixture
def colleague(clinic: Clinic) -> User:
    return make_member(clinic=clinic, role=Role.THERAPIST, name="B. Kollege")


def tasks_of(case: Case, user: User) -> list[SafetyTask]:
    with clinic_of(user):
        return list(SafetyTask.objects.filter(case=case).order_by("pk"))


def open_item9(case: Case, user: User) -> list[int]:
    return [one.item9 for one in tasks_of(case, user) if one.closed_at is None]


def raised(case: Case) -> int:
    return Event.objects.filter(case_id=case.pk, action=RAISED).count()


# Opening


@pytest.mark.parametrize(
    ("raw", "item9"),
    [
        (POSITIVE_FORM, 1),
        ({"items": [None] * 8 + [3]}, 3),
        ({"total": 15, "item9": 2}, 2),
        ({"total": 25}, 1),
        ({"total": 27}, 3),
    ],
)
def test_a_positive_item9_opens_a_safety_task_by_every_path(
    case: Case, therapist: User, raw: Any, item9: int
) -> None:
    answer(case, therapist, "phq9", raw)

    assert open_item9(case, therapist) == [item9]
    assert raised(case) == 1


@pytest.mark.parametrize(
    "raw", [FORM_OF_TWOS, {"total": 15}, {"total": 24}, {"total": 15, "item9": 0}, "unknown"]
)
def test_no_positive_item9_opens_none(therapist: User, raw: Any) -> None:
    case = make_case(therapist, phq9=raw)

    assert tasks_of(case, therapist) == []
    assert raised(case) == 0


def test_item9_that_no_total_names_is_said_to_be_the_least(client: Client, therapist: User) -> None:
    case = make_case(therapist, phq9={"total": 26})

    assert "PHQ-9 item 9: at least 2 on" in page_of(client, case, "episode")


@pytest.mark.parametrize("later", [FORM_OF_TWOS, "unknown", None, {"total": 3, "item9": 0}])
def test_a_safety_task_stays_whatever_is_answered_later(therapist: User, later: Any) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    answer(case, therapist, "phq9", later)

    assert open_item9(case, therapist) == [1]


# Raising: 1, then 3, by every path


def by_items(client: Client, case: Case) -> None:
    save_by_htmx(client, case, "episode", "phq9", item9="3")


def by_total(client: Client, case: Case) -> None:
    fields = {"total": "15", "item9_alone": "3", "use_total": "1"}
    save_by_htmx(client, case, "episode", "phq9", **fields)


def by_a_total_without_item9(client: Client, case: Case) -> None:
    save_by_htmx(client, case, "episode", "phq9", total="27", use_total="1")


def by_ordinary_post(client: Client, case: Case) -> None:
    post_section(client, case, "episode", phq9__item9="3")


def by_post_without_the_marks_of_a_page(client: Client, case: Case) -> None:
    client.post(section_url(case, "episode"), {"phq9.item9": "3"})


def by_item9_without_its_total(client: Client, case: Case) -> None:
    assert (
        save_by_htmx(client, case, "episode", "phq9", item9_alone="3", use_total="1").status_code
        == 422
    )


def by_items_beside_a_total(client: Client, case: Case) -> None:
    response = save_by_htmx(client, case, "episode", "phq9", item9="3", total="9")
    assert response.status_code == 422


def by_items_in_whose_place_a_total_is_used(client: Client, case: Case) -> None:
    post_section(client, case, "episode", phq9__item9="3", phq9__total="9", phq9__use_total="1")


def by_a_form_with_a_day_to_come(client: Client, case: Case) -> None:
    response = save_by_htmx(client, case, "episode", "phq9", item9="3", assessed_on="2199-01-01")
    assert response.status_code == 422


def by_a_form_beside_not_known(client: Client, case: Case) -> None:
    response = save_by_htmx(client, case, "episode", "phq9", item9="3", unknown="unknown")
    assert response.status_code == 422


def by_somebody_who_comes_too_late(client: Client, case: Case) -> None:
    response = save_by_htmx(client, case, "episode", "phq9", item9="3", token="0.")
    assert response.status_code == 409


def by_somebody_too_late_without_script(client: Client, case: Case) -> None:
    response = client.post(section_url(case, "episode"), {"phq9.token": "0.", "phq9.item9": "3"})
    assert response.status_code == 409


def by_keeping_mine(client: Client, case: Case) -> None:
    save_by_htmx(client, case, "episode", "phq9", item9="3", token="0.")
    data = {"phq9.token": "0.", "phq9.item9": "3", "keep": "phq9@1"}
    assert client.post(section_url(case, "episode"), data).status_code == 302


def by_taking_theirs_after_a_conflict(client: Client, case: Case) -> None:
    by_somebody_who_comes_too_late(client, case)
    data = {"phq9.token": "0.", "phq9.item9": "3", "take": "phq9"}
    assert client.post(section_url(case, "episode"), data).status_code == 302


def back_from_the_check_page(client: Client, case: Case) -> None:
    token = token_in(page_of(client, case, "episode"), "phq9")
    url = section_url(case, "episode") + "?return=check"
    client.post(url, {"phq9.token": token, "phq9.item9": "3"})


PATHS = [
    by_items,
    by_total,
    by_a_total_without_item9,
    by_ordinary_post,
    by_post_without_the_marks_of_a_page,
    by_item9_without_its_total,
    by_items_beside_a_total,
    by_items_in_whose_place_a_total_is_used,
    by_a_form_with_a_day_to_come,
    by_a_form_beside_not_known,
    by_somebody_who_comes_too_late,
    by_somebody_too_late_without_script,
    by_keeping_mine,
    by_taking_theirs_after_a_conflict,
    back_from_the_check_page,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_item9_of_1_and_then_3_raises_the_task(
    client: Client, therapist: User, path: Callable[[Client, Case], None]
) -> None:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        case = make_case(therapist, phq9=POSITIVE_FORM)

    path(client, case)

    (task,) = tasks_of(case, therapist)
    assert (task.first_item9, task.first_item9_on) == (1, yesterday)
    assert (task.item9, task.item9_on) == (3, today)
    assert raised(case) == 2
    html = page_of(client, case, "episode")
    assert f"PHQ-9 item 9: 1 on {say_day(yesterday)}, " in html
    assert f"3 on {say_day(today)}. A safety task is open." in html


@pytest.mark.parametrize(
    "path",
    [by_items, by_total, by_item9_without_its_total, by_somebody_who_comes_too_late],
    ids=lambda path: path.__name__,
)
def test_item9_of_3_after_a_closed_task_opens_another(
    client: Client, therapist: User, path: Callable[[Client, Case], None]
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close_task(case, therapist)

    path(client, case)

    assert [(one.item9, one.closed_at is None) for one in tasks_of(case, therapist)] == [
        (1, False),
        (3, True),
    ]


def test_item9_of_1_and_then_3_in_an_edited_form_raises_the_task(
    case: Case, therapist: User
) -> None:
    for item9 in (1, 2, 3):
        answer(case, therapist, "phq9", {"items": [None] * 8 + [item9]})

    assert open_item9(case, therapist) == [3]


@pytest.mark.parametrize("later", [POSITIVE_FORM, FORM_OF_TWOS, "unknown", None])
def test_the_highest_item9_stays(therapist: User, later: Any) -> None:
    case = make_case(therapist, phq9=HIGHEST_FORM)

    answer(case, therapist, "phq9", later)

    assert open_item9(case, therapist) == [3]
    assert raised(case) == 1


def test_the_database_refuses_a_highest_below_the_first(therapist: User) -> None:
    case = make_case(therapist, phq9=HIGHEST_FORM)

    with clinic_of(therapist), pytest.raises(IntegrityError), transaction.atomic():
        SafetyTask.objects.filter(case=case).update(item9=1)


def test_all_that_was_said_of_item9_stands_on_the_page(client: Client, therapist: User) -> None:
    case = make_case(therapist)
    for day, form in ((26, POSITIVE_FORM), (27, HIGHEST_FORM), (28, FORM_OF_TWOS)):
        answer(case, therapist, "phq9", form, assessed_on=date(2025, 11, day))

    for name in ("case", "check", "safety", "decision"):
        html = client.get(reverse(f"cases:{name}", args=[case.pk])).content.decode()
        assert (
            "PHQ-9 item 9: 1 on 26 November 2025, 3 on 27 November 2025, 0 on 28 November 2025."
            in html
        )


def test_older_form_with_a_higher_item9_keeps_its_day(therapist: User) -> None:
    case, day = make_case(therapist, phq9=POSITIVE_FORM), timezone.localdate() - timedelta(days=9)

    answer(case, therapist, "phq9", HIGHEST_FORM, assessed_on=day)

    (task,) = tasks_of(case, therapist)
    assert (task.item9, task.item9_on) == (3, day)


def test_same_answer_again_raises_nothing(client: Client, case: Case) -> None:
    by_items(client, case)

    by_ordinary_post(client, case)
    post_section(client, case, "episode", phq9__item9="3", suicide_risk="none")

    assert raised(case) == 1


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first_answer", [True, False])
def test_two_saves_at_once_keep_the_highest(
    therapist: User, colleague: User, is_first_answer: bool
) -> None:
    case = make_case(therapist) if is_first_answer else make_case(therapist, phq9=FORM_OF_TWOS)
    forms = {therapist: POSITIVE_FORM, colleague: HIGHEST_FORM}
    files = {who: file_for(case, who) for who in forms}
    barrier = Barrier(2)

    def save(who: User) -> None:
        barrier.wait()
        try:
            with clinic_of(who):
                save_answer(
                    file=files[who],
                    question_id="phq9",
                    raw=forms[who],
                    version=0 if is_first_answer else 1,
                    actor=who,
                )
        except AnswerConflictError:
            pass
        finally:
            connection.close()

    in_threads(save, forms)

    assert open_item9(case, therapist) == [3]


@pytest.mark.django_db(transaction=True)
def test_task_closed_while_it_is_raised_is_open_at_the_end(
    therapist: User, colleague: User
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    file, barrier = file_for(case, colleague), Barrier(2)

    def act(who: User) -> None:
        barrier.wait()
        try:
            with clinic_of(who):
                if who == therapist:
                    close_safety_task(
                        case=case, actor=who, assessment="Interview", agreed="Plan", item9=1
                    )
                else:
                    save_answer(
                        file=file, question_id="phq9", raw=HIGHEST_FORM, version=1, actor=who
                    )
        except SafetyTaskRaisedError:
            pass
        finally:
            connection.close()

    in_threads(act, [therapist, colleague])

    assert open_item9(case, therapist) == [3]


def in_threads(act: Callable[[User], None], people: Any) -> None:
    threads = [Thread(target=act, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_task_closed_since_the_page_was_made_is_opened_again(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    stale = file_for(case, therapist)
    close_task(case, therapist)

    with clinic_of(therapist):
        save_answer(file=stale, question_id="phq9", raw=HIGHEST_FORM, version=1, actor=therapist)

    assert open_item9(case, therapist) == [3]


# Telling


def test_colleagues_answer_stands_over_the_therapists_cases(
    client: Client, case: Case, therapist: User, colleague: User, client_for: ClientFor
) -> None:
    answer(case, colleague, "phq9", HIGHEST_FORM)

    mine = client.get("/cases/").content.decode()
    theirs = client_for(colleague).get("/cases/?whose=clinic").content.decode()

    notice = "a positive item 9 that you did not enter"
    assert notice in mine
    assert "Entered by B. Kollege" in mine
    assert "3 on" in mine
    assert notice not in theirs


def test_own_answer_is_no_news_and_a_closed_task_none(
    client: Client, case: Case, therapist: User, colleague: User
) -> None:
    answer(case, therapist, "phq9", HIGHEST_FORM)
    own = client.get("/cases/").content.decode()
    close_task(case, therapist)
    answer(case, colleague, "phq9", FORM_OF_TWOS)
    answer(case, colleague, "phq9", HIGHEST_FORM)
    close_task(case, therapist)
    closed = client.get("/cases/").content.decode()

    assert "that you did not enter" not in own
    assert "Item 9: 3 on" in own
    assert "that you did not enter" not in closed


@pytest.mark.django_db(transaction=True)
def test_therapist_is_told_by_mail_each_time_a_colleague_raises_it(
    case: Case, therapist: User, colleague: User, clinic: Clinic, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://kapnet.test.example"
    make_member(clinic=clinic, role=Role.THERAPIST)
    make_member(clinic=make_clinic(name="Elsewhere"), role=Role.THERAPIST)
    answer(case, colleague, "phq9", POSITIVE_FORM)
    answer(case, colleague, "phq9", {**HIGHEST_FORM})

    worked()

    about_safety = [one for one in mail.outbox if "act first" in one.subject]
    assert [one.to for one in about_safety] == [[therapist.email]] * 2
    for one in mail.outbox:
        whole = f"{one.subject} {one.body}"
        assert "https://kapnet.test.example/" in whole
        assert not [word for word in (*case.patient_name.split(), colleague.name) if word in whole]


@pytest.mark.django_db(transaction=True)
def test_therapist_who_entered_it_gets_no_mail(case: Case, therapist: User) -> None:
    answer(case, therapist, "phq9", HIGHEST_FORM)

    worked()

    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_every_therapist_is_told_where_that_of_the_case_has_left(
    case: Case, therapist: User, colleague: User, clinic: Clinic, client_for: ClientFor
) -> None:
    other = make_member(clinic=clinic, role=Role.THERAPIST)
    therapist.is_active = False
    therapist.save()
    answer(case, colleague, "phq9", HIGHEST_FORM)

    worked()

    assert [one.to for one in mail.outbox] == [[other.email]]
    assert "that you did not enter" in client_for(other).get("/cases/").content.decode()


# Beside item 9


def test_the_notice_stands_below_item9_and_leads_to_the_risk_question(
    client: Client, case: Case
) -> None:
    html = save_by_htmx(client, case, "episode", "phq9", item9="3").content.decode()

    notice = html.partition('id="act-first-item9"')[2].partition("</section>")[0]
    assert 'hx-swap-oob="true"' in html.partition('id="act-first-item9"')[2].partition(">")[0]
    assert "Act on this first" in notice
    assert "Answer: Suicide risk today" in notice
    assert "988" in notice
    assert "Act on this first: see the notice below item 9." in html


def test_the_notice_follows_another_answer_of_the_page(client: Client, therapist: User) -> None:
    case = make_case(therapist, phq9=HIGHEST_FORM)

    html = save_by_htmx(client, case, "episode", "suicide_risk", value="passive").content.decode()

    notice = html.partition('id="act-first-item9"')[2].partition("</section>")[0]
    assert "Record the assessment" in notice
    assert "Answer: Suicide risk today" not in notice


def test_notices_of_other_kinds_do_not_stand_at_item9(client: Client, therapist: User) -> None:
    case = make_case(therapist, phq9=FORM_OF_TWOS, mania_now="yes")

    html = page_of(client, case, "episode")

    assert html.count("Act on this first") == 1


def test_an_ordinary_post_leads_to_the_notice(client: Client, case: Case) -> None:
    first = post_section(client, case, "episode", phq9__item9="3")
    again = post_section(client, case, "episode", phq9__item9="3", speed_needed="weeks")

    assert first["Location"].endswith("/episode/#act-first-item9")
    assert "act-first-item9" not in again["Location"]


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ({}, "suicide_risk"),
        ({"phq9": FORM_OF_TWOS}, "suicide_risk"),
        ({"suicide_risk": "none"}, "item9_asked_again"),
    ],
)
def test_ask_next_is_what_the_notice_asks_for(
    therapist: User, later: dict[str, Any], asked: str
) -> None:
    case = make_case(therapist, phq9={"items": [None] * 8 + [2]})
    for question_id, raw in later.items():
        answer(case, therapist, question_id, raw)

    assert file_for(case, therapist).next_question == asked


def test_ask_next_goes_on_once_risk_is_answered(client: Client, therapist: User) -> None:
    case = make_case(therapist, phq9=HIGHEST_FORM)
    before = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    answer(case, therapist, "suicide_risk", "passive")

    following = file_for(case, therapist).next_question

    assert 'Suicide risk today</a>. <span class="k-small">It comes before everything' in before
    assert following not in {None, "suicide_risk"}


def test_risk_that_is_not_known_is_asked_for_by_the_notice_and_not_asked_next(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, phq9=HIGHEST_FORM, suicide_risk="unknown")

    html = page_of(client, case, "episode")

    assert "Answer: Suicide risk today" in html
    assert file_for(case, therapist).next_question != "suicide_risk"


# Closing


def test_a_closed_task_opens_again_only_for_another_form(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close_task(case, therapist)

    answer(case, therapist, "phq9", {"items": [3, *POSITIVE_FORM["items"][1:]]})
    same_item9 = open_item9(case, therapist)
    answer(case, therapist, "phq9", {"items": [*POSITIVE_FORM["items"][:8], 2]})

    assert (same_item9, open_item9(case, therapist)) == ([], [2])


def test_stale_page_of_the_form_that_was_closed_opens_nothing(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close_task(case, therapist)
    same_item9 = {f"item{n}": "3" for n in range(1, 9)} | {"item9": "1"}

    late = save_by_htmx(client, case, "episode", "phq9", token="0.", **same_item9)
    odd = save_by_htmx(client, case, "episode", "phq9", total="9", **same_item9)

    assert (late.status_code, odd.status_code) == (409, 422)
    assert open_item9(case, therapist) == []


def test_closing_says_who_when_and_what(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    close_task(case, therapist)

    (task,) = tasks_of(case, therapist)
    assert (task.closed_by, task.assessment, task.agreed) == (therapist, "Interview", "Safety plan")
    last = Event.objects.filter(case_id=case.pk).order_by("pk").last()
    assert last is not None
    assert last.action == "safety_task.closed"


def test_a_task_closes_once(therapist: User) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close_task(case, therapist)

    with pytest.raises(SafetyTaskClosedError):
        close_task(case, therapist)


def test_a_task_raised_since_the_page_was_made_does_not_close(
    client: Client, therapist: User, colleague: User
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    answer(case, colleague, "phq9", HIGHEST_FORM)
    address = reverse("cases:safety", args=[case.pk])
    words = {"assessment": "My long text", "agreed": "Mine"}

    refused = client.post(address, {**words, "item9": "1"})
    html = refused.content.decode()
    closed = client.post(address, {**words, "item9": "3"})

    assert (refused.status_code, closed.status_code) == (409, 302)
    assert "Item 9 was answered again since you opened this page" in html
    assert "My long text" in html
    assert 'name="item9" value="3"' in html


def test_a_task_does_not_close_for_somebody_who_saw_no_answer(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    response = client.post(
        reverse("cases:safety", args=[case.pk]), {"assessment": "Interview", "agreed": "Plan"}
    )

    assert response.status_code == 422
    assert open_item9(case, therapist) == [1]
