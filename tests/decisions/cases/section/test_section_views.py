"""The page of a section: saved one by one, posted whole, and by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from decisions.cases.models import Case
from decisions.rules.loading import load_edition
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import (
    POSITIVE_FORM,
    answer,
    file_for,
    make_case,
    page_of,
    post_section,
    save_by_htmx,
    section_url,
    token_in,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

QUERIES_PER_SAVE = 6
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def value_of(case: Case, user: User, question_id: str) -> object:
    row = file_for(case, user).rows.get(question_id)
    return row.value if row else None


def is_hidden(html: str, question_id: str) -> bool:
    return f'id="{question_id}" hidden' in html


@for_each("section", [one.id for one in load_edition().questionnaire.sections])
def test_every_section_opens(client: Client, case: Case, section: str) -> None:
    html = page_of(client, case, section)

    for question in load_edition().questionnaire.section(section).questions:
        assert f'id="{question.id}"' in html


def test_an_unknown_section_is_not_found(client: Client, case: Case) -> None:
    assert client.get(section_url(case, "dragons")).status_code == 404


def test_a_save_says_when_and_sends_the_parts_it_changes(
    client: Client, case: Case, therapist: User
) -> None:
    response = save_by_htmx(client, case, "ketamine_safety", "bp_systolic", value="124")

    html = response.content.decode()
    assert response.status_code == 200
    assert value_of(case, therapist, "bp_systolic") == 124
    assert "Saved" in html
    assert 'id="so-far"' in html
    assert "1 of 9 answered" in html
    assert 'id="bp_systolic-number"' not in html, "the control in use must not be replaced"


def test_a_save_sends_exactly_the_questions_that_are_asked_now(client: Client, case: Case) -> None:
    save_by_htmx(client, case, "tms_history", "tms_courses", value="1")

    html = save_by_htmx(client, case, "tms_history", "tms_courses", value="2").content.decode()

    assert 'data-question="tms_last_response"' in html
    assert 'data-question="tms_now"' not in html


def test_a_question_no_longer_asked_is_sent_empty_and_hidden(client: Client, case: Case) -> None:
    save_by_htmx(client, case, "tms_history", "tms_courses", value="1")

    html = save_by_htmx(client, case, "tms_history", "tms_courses", value="0").content.decode()

    assert is_hidden(html, "tms_now")


def test_what_cannot_be_saved_says_why_and_keeps_the_old(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "bp_systolic", 120)

    response = save_by_htmx(client, case, "ketamine_safety", "bp_systolic", value="1240")

    assert response.status_code == 422
    assert "Enter a whole number from 50 to 300" in response.content.decode()
    assert value_of(case, therapist, "bp_systolic") == 120


def test_an_answer_can_be_cleared(client: Client, case: Case, therapist: User) -> None:
    answer(case, therapist, "diagnosis", "mdd")
    token = token_in(page_of(client, case, "scope"), "diagnosis")
    data = {"question": "diagnosis", "diagnosis.token": token, "clear": "diagnosis"}

    url = section_url(case, "scope")
    response = client.post(url, {**data, "diagnosis": "mdd"}, headers={"HX-Request": "true"})

    assert "checked" not in response.content.decode()
    assert value_of(case, therapist, "diagnosis") is None


def test_an_answer_that_was_replaced_or_cleared_comes_back_with_its_day(
    client: Client, case: Case, therapist: User
) -> None:
    earlier = date(2026, 11, 2)
    answer(case, therapist, "medicines", ["lithium"], assessed_on=earlier)
    html = save_by_htmx(client, case, "current_medicines", "medicines", value="opioid")
    found = re.search(r'data-previous="([^"]+)"', html.content.decode())
    assert found
    assert "Undo: Lithium" in html.content.decode()
    undo = {"undo": "medicines", "previous": unescape(found[1])}

    token = token_in(page_of(client, case, "current_medicines"), "medicines")
    form = {"question": "medicines", "medicines.token": token, "medicines": "opioid", **undo}
    url = section_url(case, "current_medicines")
    back = client.post(url, form, headers={"HX-Request": "true"})

    assert back.status_code == 200
    file = file_for(case, therapist)
    assert file.raw_answers["medicines"] == ["lithium"]
    assert file.assessed_on("medicines") == earlier
    stale = client.post(url, form, headers={"HX-Request": "true"})
    assert stale.status_code == 200, "what is there already is no conflict"


@for_each("previous", ["", "[]", "{", '{"value": ["dragons"], "day": null}', '{"value": "x"}'])
def test_an_undo_that_nobody_offered_saves_nothing(
    client: Client, case: Case, therapist: User, previous: str
) -> None:
    token = token_in(page_of(client, case, "current_medicines"), "medicines")
    form = {"question": "medicines", "medicines.token": token, "undo": "medicines"}

    response = client.post(
        section_url(case, "current_medicines"),
        {**form, "previous": previous},
        headers={"HX-Request": "true"},
    )

    assert response.status_code == 422
    assert value_of(case, therapist, "medicines") is None


def test_an_ordinary_post_saves_every_answer_and_goes_on(
    client: Client, case: Case, therapist: User
) -> None:
    response = post_section(
        client, case, "tms_safety", head_metal="none", seizures="epilepsy", brain_condition="no"
    )

    assert response["Location"] == section_url(case, "earlier_treatment")
    assert file_for(case, therapist).raw_answers == {
        "head_metal": "none",
        "seizures": "epilepsy",
        "brain_condition": "no",
    }


def test_the_last_section_leads_to_check_answers(client: Client, case: Case) -> None:
    response = post_section(client, case, "practicalities", preference="none")

    assert response["Location"] == reverse("cases:check", args=[case.pk])


def test_a_post_that_opens_questions_stays_to_ask_them(client: Client, case: Case) -> None:
    response = post_section(client, case, "tms_history", tms_courses="1")

    assert response["Location"] == f"{section_url(case, 'tms_history')}#tms_now"


@pytest.mark.parametrize("page", ["check", "decision"])
def test_a_change_comes_back_to_where_it_was_asked_for(
    client: Client, case: Case, page: str
) -> None:
    token = token_in(page_of(client, case, "scope"), "diagnosis")

    response = client.post(
        f"{section_url(case, 'scope')}?return={page}",
        {"diagnosis.token": token, "diagnosis": "mdd"},
    )

    assert response["Location"] == reverse(f"cases:{page}", args=[case.pk])


def test_return_leads_nowhere_else(client: Client, case: Case) -> None:
    response = client.post(f"{section_url(case, 'scope')}?return=//evil.example", {})

    assert response["Location"] == section_url(case, "episode")


def test_an_invalid_answer_keeps_no_other_from_being_saved(
    client: Client, case: Case, therapist: User
) -> None:
    response = post_section(
        client, case, "ketamine_safety", bp_systolic="1240", bp_diastolic="80", heart="none"
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="1240"' in html
    assert '<a href="#bp_systolic">' in html
    assert file_for(case, therapist).raw_answers == {"bp_diastolic": 80, "heart": "none"}


def test_a_day_in_the_future_is_refused_and_kept_as_typed(client: Client, case: Case) -> None:
    response = post_section(
        client, case, "ketamine_safety", bp_systolic="124", bp_systolic__assessed_on="2199-01-01"
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert "must not be in the future" in html
    assert 'value="2199-01-01"' in html


def test_an_older_day_of_assessment_is_shown(client: Client, case: Case) -> None:
    post_section(
        client, case, "ketamine_safety", bp_systolic="124", bp_systolic__assessed_on="2026-01-02"
    )

    assert "Assessed 2 January 2026" in page_of(client, case, "ketamine_safety")


# Safety


def test_a_positive_item9_brings_the_act_first_block(client: Client, case: Case) -> None:
    fields = {f"item{n}": "2" for n in range(1, 9)}

    response = save_by_htmx(client, case, "episode", "phq9", item9="1", **fields)

    html = response.content.decode()
    assert "Act on this first" in html
    assert "17 of 27" in html
    assert "988" in html


def test_a_partial_form_has_no_total(client: Client, case: Case) -> None:
    fields = {f"item{n}": "2" for n in range(1, 9)}

    html = save_by_htmx(client, case, "episode", "phq9", **fields).content.decode()

    assert "8 of 9" in html
    assert "Item 9 is open" in html


def test_a_total_without_item9_says_so(client: Client, case: Case) -> None:
    alone = save_by_htmx(client, case, "episode", "phq9", total="12").content.decode()
    page = client.get(section_url(case, "episode")).content.decode()
    answer(case, case.therapist, "phq9", {"total": 12, "item9": 0})
    whole = client.get(section_url(case, "episode")).content.decode()

    told = "Item 9 of that form is not recorded: ask directly."
    assert told in alone
    assert told in page
    assert told not in whole


@for_each("page", ["case", "check", "safety", "decision"], undone=True)
def test_the_safety_task_stands_on_every_page_of_the_case(
    client: Client, case: Case, therapist: User, page: str
) -> None:
    answer(case, therapist, "phq9", POSITIVE_FORM)
    answer(case, therapist, "phq9", {"total": 4, "item9": 0})

    html = client.get(reverse(f"cases:{page}", args=[case.pk])).content.decode()

    assert "Act on this first" in html


# The wall


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_clinics_case_is_not_found_and_written_down(
    client_for: ClientFor, other_therapist: User, case: Case, method: str
) -> None:
    response = getattr(client_for(other_therapist), method)(section_url(case, "scope"))

    assert response.status_code == 404
    assert Event.objects.filter(actor=other_therapist, outcome="refused").count() == 1


@pytest.mark.parametrize("role", ["staff", "manager", "evidence_admin"])
def test_only_therapists_open_a_case(
    request: pytest.FixtureRequest, client_for: ClientFor, case: Case, role: str
) -> None:
    client = client_for(request.getfixturevalue(role))

    assert client.get(section_url(case, "scope")).status_code == 403


def test_a_read_and_a_save_make_one_audit_event_each(client: Client, case: Case) -> None:
    def count() -> int:
        return Event.objects.filter(case_id=case.pk).count()

    token, before = token_in(page_of(client, case, "scope"), "diagnosis"), count()
    page_of(client, case, "scope")
    read = count() - before
    save_by_htmx(client, case, "scope", "diagnosis", token=token, value="mdd")

    assert (read, count() - before - read) == (1, 1)


# The budget


def test_a_warm_save_takes_at_most_six_queries(client: Client, case: Case) -> None:
    first = save_by_htmx(client, case, "ketamine_safety", "bp_systolic", value="120")
    token = token_in(first.content.decode(), "bp_systolic")

    with CaptureQueriesContext(connection) as queries:
        response = save_by_htmx(
            client, case, "ketamine_safety", "bp_systolic", token=token, value="125"
        )

    counted = [one["sql"] for one in queries if not one["sql"].startswith(NOT_COUNTED)]
    assert response.status_code == 200
    assert len(counted) <= QUERIES_PER_SAVE, "\n".join(counted)


def test_post_without_the_marks_of_a_page_is_saved_where_nothing_stands(
    client: Client, case: Case, therapist: User
) -> None:
    response = client.post(section_url(case, "ketamine_safety"), {"bp_systolic": "124"})

    assert response.status_code == 302
    assert value_of(case, therapist, "bp_systolic") == 124


def test_post_without_the_marks_of_a_page_replaces_nothing_and_says_so(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "bp_systolic", 124)

    typed = client.post(section_url(case, "ketamine_safety"), {"bp_systolic": "150"})
    cleared = client.post(section_url(case, "ketamine_safety"), {"clear": "bp_systolic"})

    assert (typed.status_code, cleared.status_code) == (409, 409)
    assert 'value="150"' in typed.content.decode()
    assert value_of(case, therapist, "bp_systolic") == 124


def test_wrong_value_without_the_marks_of_a_page_is_named(
    client: Client, case: Case, therapist: User
) -> None:
    response = client.post(section_url(case, "ketamine_safety"), {"bp_systolic": "much"})

    assert response.status_code == 422
    assert 'value="much"' in response.content.decode()
    assert value_of(case, therapist, "bp_systolic") is None
