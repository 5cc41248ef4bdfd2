"""The pages of treatment history: rows added, changed and taken off, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from decisions.cases.models import Case
from decisions.documents.letter.treatment_history import KINDS, DrugTrial, Medicine
from decisions.treatment_history.actions import add_row, remove_row, save_row, say_none
from decisions.treatment_history.forms import FORMS
from decisions.treatment_history.models import HistoryRow, Kind, NothingOf
from decisions.treatment_history.queries import history_of
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import make_draft, sign

Clients = Callable[[User], Client]
Check = Callable[[Page], None]
pytestmark = pytest.mark.django_db
FILLED: dict[str, dict[str, Any]] = {
    "tms_courses": {"started": "May 2024", "ended": "2024", "sessions": "36", "scale": "phq9"},
    "trials": {"drug": "Sertraline", "drug_class": "ssri", "weeks": "8"},
    "others": {"kind": "ect", "details": "bitemporal", "number": "12"},
    "medicines": {"name": "Lithium", "dose": "900 mg", "since": "2/2025"},
    "allergies": {"substance": "Penicillin"},
    "scores": {"scale": "madrs", "score": "31", "taken": "2023", "is_incomplete": "on"},
}


def url(case: Case, name: str = "history", *more: object) -> str:
    return reverse(f"history:{name}", args=[case.pk, *more])


def stored(case: Case, therapist: User) -> list[HistoryRow]:
    with clinic_of(therapist):
        return list(HistoryRow.objects.filter(case=case, removed_at=None))


def add(case: Case, therapist: User, drug: str = "Sertraline") -> HistoryRow:
    with clinic_of(therapist):
        return add_row(case=case, actor=therapist, kind="trials", values=DrugTrial(drug=drug))


@for_each("kind", Kind.values, undone=True)
def test_row_of_each_kind_is_added_shown_and_changed(
    therapist: User, client_for: Clients, kind: str
) -> None:
    case, client = make_case(therapist), client_for(therapist)

    added = client.post(url(case, "add", kind), FILLED[kind])
    (row,) = stored(case, therapist)
    form = client.get(url(case, "row", row.pk))
    again = {**form.context["form"].initial, **FILLED[kind]}
    changed = client.post(
        url(case, "row", row.pk), {name: "" if one is None else one for name, one in again.items()}
    )
    page = client.get(url(case)).content.decode()

    assert added.status_code == changed.status_code == 302
    assert FORMS[kind].kind == kind
    KINDS[kind].model_validate(row.values)
    assert "Take off" in page


def test_every_kind_has_its_form_and_value() -> None:
    assert set(FORMS) == set(KINDS) == set(Kind.values)


@for_each(
    ("kind", "changes", "sentence"),
    [
        ("trials", {"drug": ""}, "Enter the medicine"),
        ("trials", {"weeks": "-1"}, "greater than or equal to 0"),
        ("trials", {"weeks": "many"}, "Enter a whole number"),
        ("trials", {"drug_class": "herbal"}, "Select a valid choice"),
        ("trials", {"why_stopped": "x\u202ey"}, "cannot be seen"),
        ("tms_courses", {"started": "soon"}, "Write a year, a month or a day"),
        ("tms_courses", {"started": "2999"}, "still to come"),
        ("tms_courses", {"started": "2024", "ended": "2023"}, "end before it started"),
        ("others", {"kind": ""}, "Choose the treatment"),
        ("scores", {"scale": ""}, "Choose the scale"),
        ("scores", {"score": "61"}, "MADRS goes from 0 to 60"),
        ("scores", {"taken": "1983"}, "before the patient’s birth"),
        ("tms_courses", {"score_before": "28"}, "PHQ-9 goes from 0 to 27"),
        ("tms_courses", {"score_after": "28"}, "PHQ-9 goes from 0 to 27"),
        ("tms_courses", {"started": "2/1984", "ended": "5/1984"}, "before the patient’s birth"),
        ("tms_courses", {"lost_on": "April 2024"}, "before the first session"),
        (
            "tms_courses",
            {"score_before_on": "6/2/2024", "score_after_on": "6/1/2024"},
            "before the score before",
        ),
    ],
    undone=True,
)
def test_s67_wrong_row_is_refused_with_a_sentence_and_kept_on_the_page(
    therapist: User, client_for: Clients, kind: str, changes: dict[str, str], sentence: str
) -> None:
    case = make_case(therapist, born=date(1984, 3, 14))
    data = {**FILLED[kind], "why_stopped": "Kept words", **changes}

    response = client_for(therapist).post(url(case, "add", kind), data)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    if "why_stopped" in FORMS[kind].base_fields and "why_stopped" not in changes:
        assert "Kept words" in page
    assert stored(case, therapist) == []


def test_two_editors_lose_nothing(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)
    row = add(case, therapist)
    seen = client.get(url(case, "row", row.pk)).context["form"].initial["version"]
    with clinic_of(therapist):
        save_row(row=row, actor=therapist, values=DrugTrial(drug="Theirs"), saved_at=row.saved_at)

    response = client.post(url(case, "row", row.pk), {"drug": "Mine", "version": seen})

    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert stored(case, therapist)[0].values["drug"] == "Theirs"


def test_same_row_saved_twice_is_no_conflict(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)
    row = add(case, therapist)
    data = {"drug": "Mine", "version": row.saved_at.isoformat()}

    codes = [client.post(url(case, "row", row.pk), data).status_code for _ in range(2)]

    assert codes == [302, 302]


def test_row_taken_off_stays_in_the_database(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)
    row = add(case, therapist)

    client.post(url(case, "remove", row.pk))
    again = client.get(url(case, "row", row.pk))

    assert again.status_code == 404
    assert stored(case, therapist) == []
    with scopes_disabled():
        assert HistoryRow.objects.get().removed_by == therapist


def test_none_is_said_taken_back_and_ended_by_a_row(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)
    address = url(case, "none", "allergies")

    client.post(address)
    client.post(address)
    assert "There are none." in client.get(url(case)).content.decode()
    client.post(address, {"take_back": "1"})
    with scopes_disabled():
        assert not NothingOf.objects.exists()
    client.post(address)
    client.post(url(case, "add", "allergies"), FILLED["allergies"])
    refused = client.post(address, follow=True)

    with scopes_disabled():
        assert not NothingOf.objects.exists()
    assert "there are rows already" in refused.content.decode()


def test_letter_prints_the_history_and_keeps_it_as_signed(therapist: User) -> None:
    letter = make_draft(therapist)
    row = add(letter.case, therapist)

    signed = sign(letter, therapist)
    with clinic_of(therapist):
        remove_row(row=row, actor=therapist)
        assert history_of(letter.case).trials == ()

    assert "Sertraline" in str(signed.content)


def test_each_write_is_one_event_without_a_word_of_it(therapist: User) -> None:
    case = make_case(therapist)
    row = add(case, therapist)
    with clinic_of(therapist):
        save_row(row=row, actor=therapist, values=DrugTrial(drug="X"), saved_at=row.saved_at)
        remove_row(row=row, actor=therapist)
        say_none(case=case, actor=therapist, kind="medicines")
        add_row(case=case, actor=therapist, kind="medicines", values=Medicine(name="Lithium"))

    events = Event.objects.filter(object_type="history").order_by("id")
    assert [one.action for one in events] == [
        *("history.added", "history.saved", "history.removed", "history.none_said"),
        "history.added",
    ]
    assert "Lithium" not in str(list(events.values()))


@pytest.mark.parametrize("name", ["row", "remove"])
def test_row_of_another_clinic_or_case_is_not_found(
    therapist: User, other_therapist: User, client_for: Clients, name: str
) -> None:
    case = make_case(therapist)
    row = add(case, therapist)

    other = client_for(other_therapist).post(url(case, name, row.pk), {"drug": "X"})
    elsewhere = client_for(therapist).post(url(make_case(therapist), name, row.pk), {"drug": "X"})

    assert other.status_code == elsewhere.status_code == 404
    assert stored(case, therapist)[0].values["drug"] == "Sertraline"


@pytest.mark.parametrize("name", ["add", "none"])
def test_unknown_kind_or_case_is_not_found(therapist: User, client_for: Clients, name: str) -> None:
    client, case = client_for(therapist), make_case(therapist)

    assert client.post(url(case, name, "spells")).status_code == 404
    missing: HttpResponse = client.post(reverse(f"history:{name}", args=[uuid4(), "trials"]))  # type: ignore[assignment]
    assert missing.status_code == 404


@pytest.mark.browser
def test_history_is_written_without_javascript_and_accessible(
    therapist: User,
    signed_in_page: Callable[..., Page],
    fits: Check,
) -> None:
    case = make_case(therapist)
    page = signed_in_page(therapist, java_script_enabled=False)

    page.goto(url(case))
    page.get_by_role("link", name=re.compile("Add one.*Medicines tried")).click()
    page.get_by_label("Medicine", exact=True).fill("Sertraline")
    page.get_by_label("Class").select_option("SSRI")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Class: SSRI")).to_be_visible()
    page.get_by_role("button", name=re.compile("There are none.*Allergies")).click()
    expect(page.get_by_text("There are none.")).to_be_visible()

    scripted = signed_in_page(therapist)
    for address in (url(case), *(url(case, "add", kind) for kind in Kind.values)):
        scripted.goto(address)
        fits(scripted)
