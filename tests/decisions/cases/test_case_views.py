"""Work list, new case, task list, check answers, safety task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.models import Case, SafetyTask
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import (
    FORM_OF_TWOS,
    POSITIVE_FORM,
    answer,
    clinic_of,
    file_for,
    make_case,
)
from tests.factories import make_member

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


def get(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"cases:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_work_list_is_empty_at_first(client: Client) -> None:
    assert "No cases yet" in get(client, "list")


def test_what_waits_stands_first(client: Client, therapist: User) -> None:
    make_case(therapist, name="Positive", phq9=POSITIVE_FORM)
    make_case(therapist, name="Quiet", phq9=FORM_OF_TWOS)

    html = get(client, "list")

    assert html.index("Positive") < html.index("Quiet")
    assert "Close the safety task" in html


def test_my_cases_and_those_of_the_clinic(client: Client, therapist: User) -> None:
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    theirs = make_case(colleague, name="Their patient")

    mine, everyone = get(client, "list"), client.get("/cases/?whose=clinic").content.decode()

    assert "Their patient" not in mine
    assert "Their patient" in everyone
    assert client.get(reverse("cases:case", args=[theirs.pk])).status_code == 200


def test_another_clinics_cases_are_never_listed(
    client: Client, therapist: User, other_therapist: User
) -> None:
    make_case(other_therapist, name="Elsewhere")

    assert "Elsewhere" not in client.get("/cases/?whose=clinic").content.decode()


def new_case(client: Client, **fields: str) -> Any:
    return client.post(reverse("cases:new"), {"patient_name": "R. D.", **fields})


def test_a_new_case_begins_with_the_age(client: Client, therapist: User) -> None:
    year = timezone.localdate().year - 40

    response = new_case(client, birth_month="1", birth_day="1", birth_year=str(year))

    with clinic_of(therapist):
        case = Case.objects.get()
    assert response.status_code == 302
    assert file_for(case, therapist).raw_answers == {"age_years": 40}


@for_each(
    "fields",
    [
        {"patient_name": ""},
        {"birth_month": "2", "birth_day": "30", "birth_year": "1984"},
        {"birth_month": "2"},
        {"birth_month": "1", "birth_day": "1", "birth_year": "2999"},
        {"birth_month": "1", "birth_day": "1", "birth_year": "1884"},
    ],
    undone=True,
)
def test_a_new_case_says_what_is_wrong(
    client: Client, therapist: User, fields: dict[str, str]
) -> None:
    response = new_case(client, **fields)

    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    with clinic_of(therapist):
        assert not Case.objects.exists()


def test_progress_counts_only_what_is_asked(client: Client, therapist: User) -> None:
    case = make_case(therapist, tms_courses=0, gad7={"total": 5})

    html = get(client, "case", case.pk)

    assert "1 of 43 questions that are asked are answered" in html


def test_a_partial_form_is_named_and_not_complete(client: Client, therapist: User) -> None:
    case = make_case(therapist, phq9={"items": [1] * 8 + [None]})

    assert "PHQ-9: 8 of 9, no total yet" in get(client, "case", case.pk)


def test_check_shows_answered_not_known_open_and_not_asked(client: Client, therapist: User) -> None:
    case = make_case(therapist, diagnosis="mdd", heart="unknown", tms_courses=0)

    html = get(client, "check", case.pk)

    assert "Major depressive disorder" in html
    assert "<em>not known</em>" in html
    assert ">open<" in html
    assert "Not asked with these answers: TMS under way now" in html
    assert "?return=check#diagnosis" in html


@for_each(
    ("answers", "words"),
    [
        (
            {"tms_courses": 2, "tms_best_response": "none", "tms_last_response": "response"},
            "better than the best response",
        ),
        ({"phq9": POSITIVE_FORM, "suicide_risk": "none"}, "Ask again today"),
        ({"bp_systolic": 80, "bp_diastolic": 120}, "Were they exchanged"),
        ({"age_years": 30}, "The date of birth gives"),
    ],
    undone=True,
)
def test_answers_that_do_not_fit_draw_a_question(
    client: Client, therapist: User, answers: dict[str, Any], words: str
) -> None:
    born = timezone.localdate().replace(year=1980, day=1)
    case = make_case(therapist, born=born, **answers)

    assert words in get(client, "check", case.pk)


def close(client: Client, case: Case, **fields: str) -> Any:
    return client.post(reverse("cases:safety", args=[case.pk]), {"item9": "1", **fields})


def test_a_safety_task_closes_with_assessment_and_agreement(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM, suicide_risk="passive")

    response = close(client, case, assessment="Interview", agreed="Plan made")

    assert response.status_code == 302
    html = get(client, "safety", case.pk)
    assert "No safety task is open" in html
    assert "Plan made" in html


@pytest.mark.parametrize("fields", [{}, {"assessment": "Interview"}, {"agreed": "Plan"}])
def test_a_safety_task_does_not_close_without_both(
    client: Client, therapist: User, fields: dict[str, str]
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)

    response = close(client, case, **fields)

    assert response.status_code == 422
    with clinic_of(therapist):
        assert SafetyTask.objects.filter(case=case, closed_at=None).exists()


def test_a_task_closed_meanwhile_keeps_my_words_on_the_page(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    close(client, case, assessment="Theirs", agreed="Theirs")

    response = close(client, case, assessment="My long text", agreed="Mine")

    assert response.status_code == 409
    assert "My long text" in response.content.decode()


@for_each("page", ["case", "check", "safety", "decision"], undone=True)
def test_another_clinics_case_is_not_found(
    client_for: ClientFor, therapist: User, other_therapist: User, page: str
) -> None:
    case = make_case(therapist)

    response = client_for(other_therapist).get(reverse(f"cases:{page}", args=[case.pk]))

    assert response.status_code == 404
    assert Event.objects.filter(actor=other_therapist, outcome="refused").count() == 1


@pytest.mark.parametrize("role", ["staff", "manager", "evidence_admin"])
def test_nobody_else_sees_a_case(
    request: pytest.FixtureRequest, client_for: ClientFor, therapist: User, role: str
) -> None:
    case = make_case(therapist)
    client = client_for(request.getfixturevalue(role))

    pages = ["/cases/", "/cases/new/", reverse("cases:case", args=[case.pk])]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


def test_patient_pages_are_stored_nowhere(client: Client, therapist: User) -> None:
    case = make_case(therapist)
    answer(case, therapist, "diagnosis", "mdd")

    response = client.get(reverse("cases:check", args=[case.pk]))

    assert "no-store" in response["Cache-Control"]
