"""Questioning a result on the pages: settled, what would change it, what to ask next, because."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from decisions.cases.models import Case, Decision
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.decisions.cases.decision.test_decision_views import decision_url, record, recorded_of
from tests.decisions.rules.cases import base_with, vignette

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, **vignette("responder-relapsed"))


def without_open(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value is not None}


def read(client: Client, url: str, **headers: str) -> str:
    return client.get(url, headers=headers).content.decode()


def said_first(html: str) -> str:
    """What would change the answer, as the first screen says it."""
    part = html.partition('class="k-first__settled">')[2].partition("</div>")[0]
    return " ".join(strip_tags(part).split())


def changes_url(case: Case) -> str:
    return reverse("cases:changes", args=[case.pk])


def test_a_settled_result_says_so(client: Client, case: Case) -> None:
    html = read(client, decision_url(case))

    assert "No answer that is still missing can change that Repeat TMS leads." in html
    assert "Not settled yet" not in html
    first = said_first(html)
    assert "Ketamine would lead if TMS on weekdays for weeks were “No”" in first
    assert "No option would lead if Withdrawal now were “Yes”" in first


def test_an_open_result_links_the_questions_it_depends_on(client: Client, therapist: User) -> None:
    case = make_case(therapist, **without_open(base_with(speed_needed=None, head_metal=None)))

    html = read(client, decision_url(case))

    first = said_first(html)
    assert "How soon relief is needed" in first
    assert "Not settled yet" in html
    assert f"/cases/{case.pk}/episode/?return=decision#speed_needed" in html


def test_a_result_on_which_nothing_can_lead_says_so(client: Client, therapist: User) -> None:
    case = make_case(therapist, **without_open(base_with(mania_now="yes", speed_needed=None)))

    html = read(client, decision_url(case))

    assert "No option leads, and no answer that is still missing can change that." in html
    assert "would lead if" not in said_first(html)


def test_because_and_also_part_the_reasons(client: Client, case: Case) -> None:
    html = read(client, decision_url(case))

    because, also = html.index(">These decide<"), html.index('id="repeat_tms.tms-favour-tolerated"')
    assert because < html.index('id="repeat_tms.tms-favour-worked-before"') < also
    assert ">These do not change the result<" in html[because:also]


def test_why_not_says_what_stands_in_the_way(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("aneurysm"))

    html = read(client, decision_url(case))

    assert "Why not this option?" in html
    assert "A stop is true: Aneurysm" in html


def test_changes_are_a_page_of_their_own(client: Client, case: Case) -> None:
    html = read(client, changes_url(case))

    assert "<h1>What would change this</h1>" in html
    assert "<strong>Access to TMS</strong> were “No”" in html
    assert "TMS is not within reach." in html


def test_changes_for_htmx_are_the_lists_alone(client: Client, case: Case) -> None:
    html = read(client, changes_url(case), **{"HX-Request": "true"})

    assert "<h1>" not in html
    assert "<strong>Access to TMS</strong> were “No”" in html


def test_changes_say_so_where_there_are_none(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("aneurysm"))

    assert "gives it another verdict" in read(client, changes_url(case))


def test_changes_of_another_clinics_case_are_not_found(
    client_for: ClientFor, other_therapist: User, case: Case
) -> None:
    response = client_for(other_therapist).get(changes_url(case))

    assert response.status_code == 404
    assert Event.objects.filter(actor=other_therapist, outcome="refused").count() == 1


def test_the_next_question_stands_over_the_task_list(client: Client, therapist: User) -> None:
    case = make_case(therapist, **without_open(base_with(heart=None, speed_needed=None)))

    html = read(client, reverse("cases:case", args=[case.pk]))

    assert html.index("Ask next:") < html.index("Patient and diagnosis")
    assert f"/cases/{case.pk}/ketamine_safety/#heart" in html
    assert "Until it is known, ketamine, TMS and both at once cannot be cleared." in html


def test_a_complete_case_asks_nothing_more(client: Client, case: Case) -> None:
    html = read(client, reverse("cases:case", args=[case.pk]))

    assert "Nothing among the questions asked here would clear an option or change" in html


def test_what_was_answered_not_known_is_not_asked_again(client: Client, therapist: User) -> None:
    case = make_case(therapist, **base_with(heart="unknown"))

    html = read(client, reverse("cases:case", args=[case.pk]))

    assert "was answered “not known”" in html


def test_a_recorded_decision_keeps_what_was_asked_of_it(
    client: Client, therapist: User, case: Case
) -> None:
    record(client, case)
    (recorded,) = recorded_of(case, therapist)
    answer(case, therapist, "tms_access", "no")

    html = read(client, reverse("cases:decision_record", args=[case.pk, 1]))

    assert recorded.questioned is not None
    assert recorded.questioned["robustness"]["settled_on"] == ["repeat_tms"]
    assert "No answer that is still missing can change that Repeat TMS leads." in html
    assert "What would have changed this" in html
    assert "Ketamine would lead if TMS on weekdays for weeks were “No”" in said_first(html)
    assert "<strong>Access to TMS</strong> were “No”" in html


def test_an_earlier_decision_says_that_it_was_not_recorded(
    client: Client, therapist: User, case: Case
) -> None:
    record(client, case)
    (recorded,) = recorded_of(case, therapist)
    fields = {
        field.attname: getattr(recorded, field.attname)
        for field in Decision._meta.concrete_fields
        if field.attname not in {"id", "number", "questioned"}
    }
    with clinic_of(therapist):
        Decision.objects.create(**fields, number=2, questioned=None)

    html = read(client, reverse("cases:decision_record", args=[case.pk, 2]))

    assert "was not recorded with this decision" in html
    assert ">These decide<" not in html
